package dev.carafe.cli.command;

import dev.carafe.base.ByteSize;
import dev.carafe.base.Digest;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.text.Columns;
import dev.carafe.content.Image;
import dev.carafe.engine.Container;
import dev.carafe.engine.Images;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code carafe system df}: what is kept on disk, and how much of it nobody uses. */
final class SystemDfCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe system df", "Print what is kept on disk").operands("", 0, 0).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Images images = call.engine().images();
        var used = new HashSet<Digest>();
        long containerBytes = 0;
        long stoppedBytes = 0;
        int containers = 0;
        int running = 0;
        for (Container container : call.engine().containers().list()) {
            long bytes = container.bytesWritten();
            containers++;
            containerBytes += bytes;
            container.record().imageId().ifPresent(used::add);
            if (container.status().running()) {
                running++;
            } else {
                stoppedBytes += bytes;
            }
        }
        Set<Digest> seen = new HashSet<>();
        long imageBytes = 0;
        long idleBytes = 0;
        int active = 0;
        for (Image image : images.list()) {
            Digest id = images.manifest(image).config().digest();
            if (seen.add(id)) {
                long bytes = images.size(images.config(id));
                imageBytes += bytes;
                if (used.contains(id)) {
                    active++;
                } else {
                    idleBytes += bytes;
                }
            }
        }
        var table = new StringBuilder("TYPE\tTOTAL\tACTIVE\tSIZE\tRECLAIMABLE\n");
        row(table, "Images", seen.size(), active, imageBytes, idleBytes);
        row(table, "Containers", containers, running, containerBytes, stoppedBytes);
        call.console().out(Columns.align(table.toString()));
        return 0;
    }

    private static void row(StringBuilder table, String type, int total, int active, long size, long idle) {
        table.append(type).append('\t').append(total).append('\t').append(active).append('\t').append(new ByteSize(size).decimal()).append('\t')
                .append(new ByteSize(idle).decimal()).append(size == 0 ? "" : " (" + idle * 100 / size + "%)").append('\n');
    }
}
