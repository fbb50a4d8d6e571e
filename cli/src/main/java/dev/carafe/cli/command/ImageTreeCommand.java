package dev.carafe.cli.command;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.text.Amount;
import dev.carafe.engine.Images;
import java.util.List;

/** {@code carafe image tree}: the layers of an image, base first, and the names that end with each; as podman does. */
final class ImageTreeCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe image tree", "Print the layers of an image").operands("IMAGE", 1, 1).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        List<Images.Layer> layers = call.engine().images().layers(operands.getFirst());
        Images.Story story = call.engine().images().history(operands.getFirst());
        var text = new StringBuilder("Image ID: " + story.id().abbreviated() + "\nTags:     " + story.names() + "\nSize:     "
                + Amount.size(layers.stream().mapToLong(Images.Layer::bytes).sum(), 4) + "\nImage Layers\n");
        for (Images.Layer layer : layers) {
            boolean last = layer == layers.getLast();
            text.append(last ? "└── " : "├── ").append("ID: ").append(layer.chainId().abbreviated()).append(" Size: ").append(Amount.size(layer.bytes(), 4));
            if (!layer.topOf().isEmpty()) {
                text.append(" Top Layer of: ").append(layer.topOf());
            }
            text.append('\n');
        }
        call.console().out(text.toString());
        return 0;
    }
}
