package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.transport.registry.CredentialFiles;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.List;

/** {@code carafe logout}: forget credentials. */
final class LogoutCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe logout", "Forget the credentials for a registry").operands("[OPTIONS] [REGISTRY]", 0, 1)
            .options(Option.of(Type.SWITCH, 'a', "all", "Forget those for all registries"),
                    Option.of(Type.TEXT, "authfile", "File that has the credentials").placeholder("path"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        RegistrySettings settings = RegistrySettings.of(call.console().request().environment());
        var files = new CredentialFiles(values.given("authfile") ? settings.withAuthFile(call.path(values.text("authfile"))) : settings);
        if (values.on("all") == !operands.isEmpty()) {
            throw Fault.invalid("log out", "", values.on("all") ? "either a registry or --all" : "which registry?").hint("name it, or use --all");
        }
        if (values.on("all")) {
            files.eraseAll().forEach(key -> call.console().out("Removing login credentials for " + key + "\n"));
            return 0;
        }
        String key = LoginCommand.registry(operands.getFirst());
        call.console().out("Removing login credentials for " + key + "\n");
        if (!files.erase(key)) {
            call.console().error("Not logged in to " + key + "\n");
        }
        return 0;
    }
}
