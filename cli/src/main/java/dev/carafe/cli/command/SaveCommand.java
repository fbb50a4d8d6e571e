package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.content.Image;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe save}: images to an archive that docker and every OCI tool can read. */
final class SaveCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe save", "Save images to an archive")
            .operands("[OPTIONS] IMAGE [IMAGE...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.TEXT, 'o', "output", "Write to this file instead of standard output"),
                    Option.absent("platform", "all platforms of an image are saved"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        var images = new ArrayList<Image>();
        operands.forEach(operand -> images.add(call.engine().images().find(operand)));
        if (!values.given("output")) {
            if (call.console().request().isTerminal(1)) {
                throw Fault.invalid("save", "standard output", "cowardly refusing to save to a terminal").hint("use the -o flag or redirect");
            }
            try (OutputStream out = new BufferedOutputStream(new Printing(call.console()), 1 << 15)) {
                call.engine().images().save(images, out);
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "standard output", String.valueOf(e.getMessage())).cause(e);
            }
            return 0;
        }
        Path file = call.path(values.text("output"));
        Path draft = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16)) {
                call.engine().images().save(images, out);
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
        return 0;
    }
}
