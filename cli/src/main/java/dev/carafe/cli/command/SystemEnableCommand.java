package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.BootService;
import dev.carafe.engine.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code carafe system enable} and {@code system disable}: have containers looked after from the boot on, by a unit of systemd or an init script. */
final class SystemEnableCommand implements Command {
    private static final Option TOP = Option.of(Type.TEXT, "prefix", "The root directory of the system that is to boot").initially("/");
    private final boolean enable;

    SystemEnableCommand(boolean enable) {
        this.enable = enable;
    }

    @Override
    public CommandSpec spec() {
        return enable ? CommandSpec.builder("carafe system enable", "Look after containers from the boot on, by systemd or an init script").operands("[OPTIONS]", 0, 0)
                .options(Option.of(Type.TEXT, "init", "For which init system: systemd or sysv (what this machine runs, where nothing is said)"), TOP,
                        Option.of(Type.SWITCH, "print", "Print what would be written, and write nothing")).build()
                : CommandSpec.builder("carafe system disable", "Take back what system enable did").operands("[OPTIONS]", 0, 0).options(TOP).build();
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Path top = call.path(values.text("prefix"));
        var service = new BootService(top, Installation.at(Path.of(System.getProperty("carafe.home"))).program(), call.engine().roots());
        if (!enable) {
            tell(call, service.disable());
        } else if (values.on("print")) {
            call.console().out(service.text(kind(values.textIfGiven("init"))));
            return 0;
        } else {
            tell(call, service.enable(kind(values.textIfGiven("init"))));
        }
        if (top.equals(Path.of("/")) && BootService.usual() == BootService.Kind.SYSTEMD) {
            reload();
        }
        return 0;
    }

    private static void tell(Call call, List<Path> files) {
        files.forEach(file -> call.console().out(file + "\n"));
    }

    private static BootService.Kind kind(Optional<String> word) {
        if (word.isEmpty()) {
            return BootService.usual();
        }
        return switch (word.get().toLowerCase(Locale.ROOT)) {
            case "systemd" -> BootService.Kind.SYSTEMD;
            case "sysv" -> BootService.Kind.SYSV;
            default -> throw Fault.invalid("enable", "--init " + word.get(), "expected systemd or sysv");
        };
    }

    /** It reads its units only when it is told to. */
    private static void reload() {
        try {
            new ProcessBuilder("systemctl", "daemon-reload").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "enable", "systemctl daemon-reload", String.valueOf(e.getMessage())).cause(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
