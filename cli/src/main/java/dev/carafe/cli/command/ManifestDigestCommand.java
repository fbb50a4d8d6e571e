package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** {@code carafe manifest-digest}: the digest of a file with a manifest. */
final class ManifestDigestCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe manifest-digest", "Compute the digest of a manifest in a file").operands("FILE", 1, 1).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        try {
            call.console().out(Digest.sha256(Files.readAllBytes(call.path(operands.getFirst()))) + "\n");
            return 0;
        } catch (IOException e) {
            throw Fault.notFound("open", "\"" + operands.getFirst() + "\"", "no such file or directory").cause(e);
        }
    }
}
