package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.engine.Images;
import dev.carafe.engine.PullListener;
import dev.carafe.engine.PullOptions;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Reference;
import dev.carafe.transport.ImageTarget;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Fetches images and prints how that goes, in docker's lines. */
final class Pulling {
    private final Call call;
    private final PullOptions options;
    private final ProgressLines.Style style;
    private final Consumer<String> out;

    Pulling(Call call, PullOptions options, ProgressLines.Style style, Consumer<String> out) {
        this.call = call;
        this.options = options;
        this.style = style;
        this.out = out;
    }

    Images.Pulled pull(String text) {
        var lines = new Lines(style, out, call.console().request().columns());
        Images.Pulled pulled = call.engine().images().pull(text, options, style == ProgressLines.Style.SILENT ? PullListener.SILENT : lines);
        String digest = "Digest: " + pulled.digest();
        String status = "Status: " + (pulled.newer() ? "Downloaded newer image for " : "Image is up to date for ") + pulled.reference().familiar();
        lines.lines.note("", digest, digest);
        lines.lines.note("", status, status);
        return pulled;
    }

    /** What docker prints while it pulls. */
    private static final class Lines implements PullListener {
        private final ProgressLines lines;
        private final Set<Digest> layers = new HashSet<>();

        Lines(ProgressLines.Style style, Consumer<String> out, int columns) {
            this.lines = new ProgressLines(out, style, columns);
        }

        @Override
        public void asking(Reference reference) {
            lines.clear();
            String tag = reference.tag().orElseGet(() -> reference.digest().map(Object::toString).orElse(""));
            String from = "Pulling from " + (reference.domain().equals(Reference.DEFAULT_DOMAIN) ? reference.path() : reference.domain() + "/" + reference.path());
            lines.note(tag, from, tag + ": " + from);
        }

        @Override
        public synchronized void planned(Descriptor blob) {
            if (!MediaType.isConfig(blob.mediaType())) {
                layers.add(blob.digest());
                lines.say(id(blob), "Pulling fs layer");
            }
        }

        @Override
        public synchronized void read(Descriptor blob, long bytes) {
            if (layers.contains(blob.digest())) {
                lines.move(id(blob), "Downloading", bytes, blob.size());
            }
        }

        @Override
        public synchronized void done(Descriptor blob, ImageTarget.Outcome outcome) {
            if (layers.contains(blob.digest())) {
                lines.say(id(blob), outcome == ImageTarget.Outcome.EXISTS ? "Already exists" : "Download complete");
                if (outcome == ImageTarget.Outcome.EXISTS) {
                    layers.remove(blob.digest());
                }
            }
        }

        @Override
        public synchronized void unpacked(Descriptor layer) {
            if (layers.remove(layer.digest())) {
                lines.say(id(layer), "Pull complete");
            }
        }

        private static String id(Descriptor blob) {
            return blob.digest().abbreviated();
        }
    }
}
