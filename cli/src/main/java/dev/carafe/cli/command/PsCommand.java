package dev.carafe.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.list.ContainerList;
import dev.carafe.cli.list.ContainerRow;
import dev.carafe.cli.list.Filters;
import dev.carafe.cli.list.View;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.engine.ContainerWords;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe ps}: list containers. */
final class PsCommand implements Command {
    private static final List<String> FILTERS = List.of("id", "name", "label", "status", "ancestor", "exited", "before", "since", "network", "volume",
            "health", "is-task", "publish", "expose");
    /** Docker's words for what a container may be. */
    private static final List<String> STATES = List.of("created", "running", "paused", "restarting", "removing", "exited", "dead");
    private static final List<String> HEALTH = List.of("none", "starting", "healthy", "unhealthy");

    private static final CommandSpec SPEC = CommandSpec.builder("carafe ps", "List containers").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.SWITCH, 'a', "all", "Show those that do not run as well"),
                    Option.of(Type.FILTER, 'f', "filter", "Show those that fit (id, name, label, status, ancestor, exited, before, since, network, volume)"),
                    Option.of(Type.TEXT, "format", "Print by this Go template, or table, or json"),
                    Option.of(Type.INT, 'n', "last", "Show the newest, in any state").initially("-1"),
                    Option.of(Type.SWITCH, 'l', "latest", "Show the newest one, in any state"),
                    Option.of(Type.SWITCH, "no-trunc", "Cut nothing short"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print only ids"),
                    Option.of(Type.SWITCH, 's', "size", "Show sizes on disk"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Filters filters = Filters.parse(values.list("filter"), FILTERS);
        require(filters, "status", STATES);
        require(filters, "health", HEALTH);
        View view = new View(values.text("format"), values.on("quiet"), values.on("no-trunc"), values.on("size"));
        long last = values.on("latest") ? 1 : values.number("last");
        boolean all = values.on("all") || last >= 0 || !filters.of("status").isEmpty() || !filters.of("exited").isEmpty();
        var rows = new ArrayList<ContainerRow>();
        Instant now = Instant.now();
        for (Container container : call.engine().containers().list()) {
            if (last >= 0 && rows.size() == last) {
                break;
            }
            ContainerStatus status = container.status();
            if (!status.error().isEmpty()) {
                // Its monitor was killed: what that left behind goes now.
                container.recover();
            }
            if ((all || status.running()) && fits(call, container, status, filters)) {
                rows.add(row(call, container, status, now, ContainerList.needsSizes(view)));
            }
        }
        call.console().out(ContainerList.print(rows, view, now, ZoneId.systemDefault()));
        return 0;
    }

    private static boolean fits(Call call, Container container, ContainerStatus status, Filters filters) {
        return any(filters.of("id"), id -> container.id().startsWith(id))
                && any(filters.of("name"), name -> container.record().name().contains(name.startsWith("/") ? name.substring(1) : name))
                && filters.of("label").stream().allMatch(label -> labelled(container, label))
                && any(filters.of("status"), word -> status.phase().word().equals(word))
                && any(filters.of("exited"), code -> status.phase() == ContainerStatus.Phase.EXITED && Integer.toString(status.exitCode()).equals(code))
                && any(filters.of("ancestor"), image -> comesFrom(call, container, image))
                && any(filters.of("network"), network -> network(container).contains(network))
                && any(filters.of("volume"), place -> mounts(container).stream().anyMatch(m -> m.source().equals(place) || m.target().equals(place)))
                // No container is part of a swarm.
                && any(filters.of("health"), word -> container.health().map(health -> health.status().word()).orElse("none").equals(word))
                && !filters.truth("is-task").orElse(false)
                && filters.of("publish").isEmpty()
                && filters.of("expose").isEmpty()
                && filters.of("before").stream().allMatch(other -> container.record().created().isBefore(created(call, other)))
                && filters.of("since").stream().allMatch(other -> container.record().created().isAfter(created(call, other)));
    }

    private static void require(Filters filters, String name, List<String> words) {
        for (String word : filters.of(name)) {
            if (!words.contains(word)) {
                throw Fault.invalid("invalid filter", "'" + name + "=" + word + "'", "expected one of " + String.join(", ", words));
            }
        }
    }

    private static boolean any(List<String> wanted, java.util.function.Predicate<String> test) {
        return wanted.isEmpty() || wanted.stream().anyMatch(test);
    }

    private static Instant created(Call call, String other) {
        return call.engine().containers().find(other).record().created();
    }

    private static boolean labelled(Container container, String label) {
        int equals = label.indexOf('=');
        String value = container.record().labels().get(equals < 0 ? label : label.substring(0, equals));
        return value != null && (equals < 0 || value.equals(label.substring(equals + 1)));
    }

    private static boolean comesFrom(Call call, Container container, String image) {
        if (container.record().image().equals(image)) {
            return true;
        }
        try {
            return container.record().imageId().equals(call.engine().images().find(image).config());
        } catch (Fault unknown) {
            return false;
        }
    }

    private static ContainerRow row(Call call, Container container, ContainerStatus status, Instant now, boolean sizes) {
        var row = ContainerRow.builder(container.id()).names(container.record().name())
                .image(container.record().image(), container.record().imageId().map(Digest::toString).orElse(""))
                .command(ContainerWords.command(container.record())).created(container.record().created()).state(status.phase().word(), ContainerWords.status(container, status, now))
                .labels(container.record().labels()).networks(network(container))
                .mounts(mounted(container))
                .ports(ports(container, status));
        if (sizes) {
            long written = container.bytesWritten();
            row.sizes(written, written + call.engine().imageBytes(container));
        }
        return row.build();
    }

    private static List<ContainerRow.Mounted> mounted(Container container) {
        var mounts = new ArrayList<ContainerRow.Mounted>();
        for (JsonElement element : container.record().document().getAsJsonArray("Mounts")) {
            JsonObject mount = element.getAsJsonObject();
            boolean volume = mount.get("Type").getAsString().equals("volume");
            mounts.add(new ContainerRow.Mounted(volume ? mount.get("Name").getAsString() : "", mount.get("Source").getAsString(),
                    volume ? mount.get("Driver").getAsString() : ""));
        }
        return mounts;
    }

    /** By what its settings show, so that whoever shares another's network is on none of its own. */
    private static List<String> network(Container container) {
        JsonElement settings = container.record().document().get("NetworkSettings");
        return settings == null ? List.of() : List.copyOf(settings.getAsJsonObject().getAsJsonObject("Networks").keySet());
    }

    private record Bound(String source, String target) {}

    private static List<Bound> mounts(Container container) {
        var list = new ArrayList<Bound>();
        JsonElement mounts = container.record().document().get("Mounts");
        if (mounts != null) {
            for (JsonElement mount : mounts.getAsJsonArray()) {
                boolean named = mount.getAsJsonObject().get("Type").getAsString().equals("volume");
                list.add(new Bound(mount.getAsJsonObject().get(named ? "Name" : "Source").getAsString(), mount.getAsJsonObject().get("Destination").getAsString()));
            }
        }
        return list;
    }

    /** Those that are published, and those that are only exposed; none where nothing runs. */
    private static List<ContainerRow.Port> ports(Container container, ContainerStatus status) {
        if (!status.running()) {
            return List.of();
        }
        var ports = new ArrayList<ContainerRow.Port>();
        var published = new ArrayList<String>();
        container.attachment().ifPresent(attachment -> attachment.ports().forEach(port -> {
            ports.add(new ContainerRow.Port(port.host().toString(), port.containerPort(), port.hostPort(), port.protocol()));
            published.add(port.containerPort() + "/" + port.protocol());
        }));
        for (String exposed : container.exposedPorts()) {
            int slash = exposed.indexOf('/');
            if (!published.contains(exposed)) {
                ports.add(new ContainerRow.Port("", Integer.parseInt(exposed.substring(0, slash)), 0, exposed.substring(slash + 1)));
            }
        }
        return ports;
    }
}
