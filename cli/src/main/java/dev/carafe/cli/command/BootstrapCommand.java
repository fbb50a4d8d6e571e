package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.bootstrap.AptSource;
import dev.carafe.bootstrap.DebianBootstrap;
import dev.carafe.bootstrap.Recipe;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.oci.Reference;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.List;

/** {@code carafe image bootstrap}: a base image without a registry. */
final class BootstrapCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe image bootstrap", "Make a base image from the archives of packages that this machine knows").operands("[OPTIONS] busybox|DISTRIBUTION:SUITE", 1, 1)
            .options(Option.of(Type.TEXT, 't', "tag", "Name of the image (default: localhost/DISTRIBUTION:SUITE)"),
                    Option.of(Type.TEXT, "variant", "How much: minbase (what is required, and apt) or standard (what is important, too)").initially("minbase"),
                    Option.of(Type.LIST, "include", "Further packages, separated by commas"),
                    Option.of(Type.TEXT, "apt", "Directory with sources.list(5) files").placeholder("path").initially("/etc/apt"),
                    Option.of(Type.TEXT, "keyring", "File of the keys to trust, instead of those that the sources name").placeholder("path"),
                    Option.of(Type.TEXT, "cgroup-parent", "Control group above that of the container in which packages are set up"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print only the image's name")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        String what = operands.getFirst();
        String name = values.given("tag") ? values.text("tag") : "localhost/" + (what.equals("busybox") ? "busybox:latest" : what);
        Reference.parse(name);
        if (what.equals("busybox")) {
            call.engine().images().find("busybox");
            call.engine().images().tag("busybox", name);
        } else {
            int colon = what.indexOf(':');
            if (colon <= 0 || colon == what.length() - 1) {
                throw Fault.invalid("bootstrap", "\"" + what + "\"", "expected busybox or DISTRIBUTION:SUITE").hint("as in debian:bookworm");
            }
            var recipe = Recipe.minimal(what.substring(colon + 1)).with(variant(values.text("variant"))).with(values.list("include").stream().flatMap(each -> List.of(each.split(",")).stream())
                    .map(String::strip).filter(each -> !each.isEmpty()).toList());
            new DebianBootstrap(call.engine(), RegistrySettings.of(call.console().request().environment()), AptSource.configured(call.path(values.text("apt"))),
                    values.textIfGiven("keyring").map(call::path), values.textIfGiven("cgroup-parent"), line -> {
                        if (!values.on("quiet")) {
                            call.console().error(line + "\n");
                        }
                    }).make(recipe, name);
        }
        call.console().out(Reference.parse(name).withDefaultTag().familiar() + "\n");
        return 0;
    }

    private static Recipe.Variant variant(String text) {
        return switch (text) {
            case "minbase" -> Recipe.Variant.MINBASE;
            case "standard" -> Recipe.Variant.STANDARD;
            default -> throw Fault.invalid("read option", "--variant \"" + text + "\"", "expected minbase or standard");
        };
    }
}
