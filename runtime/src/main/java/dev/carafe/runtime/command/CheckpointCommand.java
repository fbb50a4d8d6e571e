package dev.carafe.runtime.command;

import dev.carafe.base.Fault;
import dev.carafe.runtime.oci.Checkpoint;
import dev.carafe.runtime.oci.Checkpoints;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** checkpoint: CRIU saves a container to files. What it has in common with restore is here. */
final class CheckpointCommand implements Command {
    @Override
    public String usage() {
        return "checkpoint [options] <container-id>";
    }

    @Override
    public List<Option> options() {
        List<Option> all = common(false);
        all.add(Option.value("parent-path", ' ', "directory of an earlier save, relative to --image-path"));
        all.add(Option.flag("pre-dump", ' ', "save the memory only, and let the container run on"));
        all.add(Option.value("page-server", ' ', "host:port of a server that takes the memory"));
        all.add(Option.value("status-fd", ' ', "descriptor that gets a zero byte when lazy pages can be asked for"));
        return all;
    }

    /** The options of both directions. */
    static List<Option> common(boolean restoring) {
        var all = new ArrayList<>(List.of(
                Option.value("image-path", ' ', "directory of the image files; \"checkpoint\" when absent"),
                Option.value("work-path", ' ', "directory of logs and work files; that of the images when absent"),
                Option.value("manage-cgroups-mode", ' ', "soft, full, strict, props, none or ignore"),
                Option.value("network-lock", ' ', "how connections are kept still: iptables, nftables or skip"),
                Option.list("empty-ns", ' ', "network: make that namespace anew, and empty")));
        for (Checkpoint.Switch word : Checkpoint.Switch.values()) {
            if (word.applies(restoring)) {
                all.add(Option.flag(word.option(), ' ', word.summary()));
            }
        }
        return all;
    }

    @Override
    public int run(Invocation call, Options options) {
        Invocation.expect("checkpoint", options, 1, 1);
        checkpoints(call).save(call.container(options.operands().getFirst()), parse(call, options, false), options.flag("pre-dump"));
        return 0;
    }

    static Checkpoints checkpoints(Invocation call) {
        var environment = new ArrayList<String>();
        for (Map.Entry<String, String> variable : call.caller().environment().entrySet()) {
            environment.add(variable.getKey() + "=" + variable.getValue());
        }
        return new Checkpoints(call.runtime(), new Checkpoints.Criu(call.global().value("criu").orElse("criu"), environment));
    }

    static Checkpoint parse(Invocation call, Options options, boolean restoring) {
        var switches = EnumSet.noneOf(Checkpoint.Switch.class);
        for (Checkpoint.Switch word : Checkpoint.Switch.values()) {
            if (word.applies(restoring) && options.flag(word.option())) {
                switches.add(word);
            }
        }
        for (String namespace : options.values("empty-ns")) {
            if (!namespace.equals("network")) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "use", "--empty-ns \"" + namespace + "\"", "criu can leave out the network namespace only");
            }
        }
        return new Checkpoint(call.path(options.value("image-path").orElse("checkpoint")), options.value("work-path").map(call::path),
                options.value("parent-path"), switches, word(options, "manage-cgroups-mode", Checkpoint.Groups.class), !options.values("empty-ns").isEmpty(),
                options.value("page-server").map(CheckpointCommand::address), options.value("status-fd").map(fd -> call.path("/dev/fd/" + fd)),
                word(options, "network-lock", Checkpoint.NetworkLock.class), options.value("lsm-profile"), options.value("lsm-mount-context"));
    }

    private static <E extends Enum<E>> Optional<E> word(Options options, String name, Class<E> words) {
        Optional<String> text = options.value(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var known = new StringBuilder();
        for (E word : words.getEnumConstants()) {
            String lower = word.name().toLowerCase(Locale.ROOT);
            if (lower.equals(text.get())) {
                return Optional.of(word);
            }
            known.append(known.isEmpty() ? "" : ", ").append(lower);
        }
        throw Fault.invalid("use", "--" + name + " \"" + text.get() + "\"", "expected one of " + known);
    }

    private static Checkpoint.Address address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port > 0 && port < 65536) {
                return new Checkpoint.Address(text.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw Fault.invalid("use", "--page-server \"" + text + "\"", "expected ADDRESS:PORT");
    }
}
