package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** {@code carafe volume export}: a volume's content as an archive. */
final class VolumeExportCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe volume export", "Write the content of a volume as an archive").operands("[OPTIONS] VOLUME", 1, 1)
            .options(Option.of(Type.TEXT, 'o', "output", "Write to a file, instead of standard output")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        if (values.given("output") && !values.text("output").equals("/dev/stdout")) {
            toFile(call, operands.getFirst(), call.path(values.text("output")));
            return 0;
        }
        if (call.console().request().isTerminal(1)) {
            throw Fault.invalid("export", "standard output", "cowardly refusing to save to a terminal").hint("use the -o flag or redirect");
        }
        try (OutputStream out = new BufferedOutputStream(new Printing(call.console()), 1 << 15)) {
            call.engine().volumes().export(operands.getFirst(), out);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "standard output", String.valueOf(e.getMessage())).cause(e);
        }
        return 0;
    }

    private static void toFile(Call call, String volume, Path file) {
        Path draft = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16)) {
                call.engine().volumes().export(volume, out);
            } catch (Fault fault) {
                Files.deleteIfExists(draft);
                throw fault;
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
