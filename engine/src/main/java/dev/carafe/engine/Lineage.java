package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.engine.Images.Layer;
import dev.carafe.engine.Images.Story;
import dev.carafe.oci.ChainId;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where images come from: the steps that made them, and the layers that they share. */
final class Lineage {
    private final Images images;
    private final ImageIndex index;

    Lineage(Images images, ImageIndex index) {
        this.images = images;
        this.index = index;
    }

    /** How an image was made, as its configuration tells. */
    Story history(String text) {
        Image image = images.find(text);
        Manifest manifest = images.shown(image);
        var names = new ArrayList<String>();
        index.find(image.target().digest()).forEach(each -> each.name().ifPresent(name -> names.add(Reference.parse(name).familiar())));
        ImageConfig config = images.config(manifest.config().digest());
        return new Story(manifest.config().digest(), names, config.history(), images.layerSizes(manifest, config));
    }

    /** The layers of an image, base first. */
    List<Layer> layers(String text) {
        Map<Digest, List<String>> tops = new HashMap<>();
        for (Image each : index.list()) {
            if (each.name().isPresent()) {
                images.listed(each).chainId().ifPresent(chain -> tops.computeIfAbsent(chain, c -> new ArrayList<>()).add(Reference.parse(each.name().get()).familiar()));
            }
        }
        Manifest manifest = images.shown(images.find(text));
        ImageConfig config = images.config(manifest.config().digest());
        List<Long> sizes = images.layerSizes(manifest, config);
        var layers = new ArrayList<Layer>();
        Optional<Digest> parent = Optional.empty();
        for (int k = 0; k < config.diffIds().size(); k++) {
            Digest diffId = config.diffIds().get(k);
            Digest chain = parent.map(p -> ChainId.extend(p, diffId)).orElse(diffId);
            layers.add(new Layer(chain, sizes.get(k), tops.getOrDefault(chain, List.of())));
            parent = Optional.of(chain);
        }
        return layers;
    }
}
