package dev.carafe.runtime.command;

import dev.carafe.plan.Session;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.oci.OciRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** restore: CRIU brings a container back from files. */
final class RestoreCommand implements Command {
    @Override
    public String usage() {
        return "restore [options] <container-id>";
    }

    @Override
    public List<Option> options() {
        List<Option> all = CheckpointCommand.common(true);
        all.addAll(StartingCommand.PLACE);
        all.addAll(StartingCommand.RUN);
        all.add(Option.flag("no-pivot", ' ', "of no consequence: criu leaves the old root in its own way"));
        all.add(Option.value("lsm-profile", ' ', "profile of a security module, type:name"));
        all.add(Option.value("lsm-mount-context", ' ', "label of its mounts"));
        return all;
    }

    @Override
    public int run(Invocation call, Options options) {
        Invocation.expect("restore", options, 1, 1);
        String id = options.operands().getFirst();
        Path bundle = call.path(options.value("bundle").orElse("."));
        boolean foreground = !options.flag("detach");
        Optional<Session> session = foreground ? Optional.of(new Session(true, true, false, List.of())) : Optional.empty();
        var creation = new OciRuntime.Creation(id, bundle, StartingCommand.caller(call, options, foreground, Map.of()), call.caller().streams(foreground, 0),
                session, options.value("pid-file").map(call::path), false, call.grouping(), Optional.empty());
        if (foreground) {
            call.caller().session(false);
        }
        try (Performer.Performance performance = CheckpointCommand.checkpoints(call).restore(creation, CheckpointCommand.parse(call, options, true))) {
            return foreground ? StartingCommand.await(call, options, id, performance) : 0;
        }
    }
}
