package dev.carafe.engine;

import com.google.gson.JsonPrimitive;
import dev.carafe.base.Digest;
import dev.carafe.content.Image;
import dev.carafe.oci.Reference;
import java.nio.file.Path;

/**
 * The file that engines note events in, see {@link EventLog}: a plain line for each, since a start pays for it. What cannot be written is lost.
 *
 * @param file of the run directory
 */
record EventFile(Path file) {
    /** The file is set aside when it has so many bytes. */
    private static final long MOST = 4 << 20;

    /** @param attributes a JSON object of texts */
    void note(String type, String id, String action, long nanos, String attributes) {
        StateFile.append(file, "{\"time\":" + nanos + ",\"type\":\"" + type + "\",\"action\":" + new JsonPrimitive(action) + ",\"id\":\"" + id
                + "\",\"attributes\":" + attributes + "}\n", MOST);
    }

    /** Something happened to an image as such, by docker's words. */
    void image(String action, Image image) {
        Digest id = image.config().orElse(image.target().digest());
        image(action, id.toString(), id.toString());
    }

    /** An image got that name. */
    void tagged(Image image, String name) {
        image("tag", image.config().orElse(image.target().digest()).toString(), Reference.parse(name).familiar());
    }

    /** An image came from a registry or went to one, under that name. */
    void moved(String action, Reference reference) {
        image(action, reference.familiar(), reference.familiarName());
    }

    private void image(String action, String id, String name) {
        note("image", id, action, System.currentTimeMillis() * 1_000_000, "{\"name\":" + new JsonPrimitive(name) + "}");
    }
}
