package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.content.Image;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Copy;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.ImageTarget;
import dev.carafe.transport.registry.RegistrySettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** {@code carafe push}: bring images to registries. */
final class PushCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe push", "Bring an image to a registry").operands("[OPTIONS] IMAGE [DESTINATION]", 1, 2)
            .options(Option.of(Type.SWITCH, 'a', "all-tags", "Push every tag of the repository"),
                    Option.of(Type.SWITCH, "all", "Push all of an index, not only one platform"),
                    Option.of(Type.TEXT, "platform", "Platform to choose from an index: OS/ARCH[/VARIANT]"),
                    Option.of(Type.TEXT, "digestfile", "Write the digest of what was pushed to this file").placeholder("path"),
                    ProgressLines.Style.option(), Option.of(Type.SWITCH, 'q', "quiet", "Print only the name that was pushed"))
            .options(ConversionFlags.options("")).options(RegistryFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        RegistrySettings settings = RegistryFlags.settings(call, values);
        if (values.on("all-tags")) {
            return allTags(call, values, operands, settings);
        }
        Image image = call.engine().images().find(operands.getFirst());
        String name = operands.size() > 1 ? operands.get(1) : operands.getFirst();
        push(call, values, settings, image, destination(name.startsWith("docker://") ? name.substring(9) : name, operands.size() > 1));
        return 0;
    }

    /** A name that tells its registry; a local one belongs nowhere else. */
    private static Reference destination(String name, boolean explicit) {
        Reference reference = Reference.parse(name).withDefaultTag();
        if (reference.shortName()) {
            throw Fault.invalid("push", "\"" + name + "\"", "the name tells no registry").hint((explicit ? "name one, as in " : "give it another with carafe tag, or name a destination, as in ") + reference.name());
        }
        return reference;
    }

    private static int allTags(Call call, Values values, List<String> operands, RegistrySettings settings) {
        Reference repository = Reference.parse(operands.getFirst());
        if (operands.size() > 1 || repository.tag().isPresent() || repository.digest().isPresent()) {
            throw Fault.invalid("push", "\"" + operands.getFirst() + "\"", "tag can't be used with --all-tags/-a");
        }
        boolean any = false;
        for (Image image : call.engine().images().list()) {
            if (image.name().isPresent() && Reference.parse(image.name().get()).name().equals(repository.name())) {
                push(call, values, settings, image, destination(image.name().get(), false));
                any = true;
            }
        }
        if (!any) {
            throw Fault.notFound("push", "\"" + operands.getFirst() + "\"", "an image does not exist locally with that name");
        }
        return 0;
    }

    private static void push(Call call, Values values, RegistrySettings settings, Image image, Reference destination) {
        var style = ProgressLines.Style.of(call, values, 1);
        Platform host = Platform.host(System.getProperty("os.arch"));
        boolean index = MediaType.isIndex(image.target().mediaType());
        Copy.Options options = values.on("all") || index && !values.given("platform") ? Copy.Options.all()
                : Copy.Options.of(values.given("platform") ? Platform.parse(values.text("platform"), host) : host);
        var lines = new Lines(call.console()::out, style, call.console().request().columns());
        String refers = "The push refers to repository [" + destination.familiarName() + "]";
        lines.lines.note("", refers, refers);
        Document pushed = call.engine().images().push(image, destination, options.withForm(ConversionFlags.form(values, "")), settings, lines);
        if (values.given("digestfile")) {
            CallerFile.write(call.path(values.text("digestfile")), pushed.digest().toString());
        }
        String done = destination.tag().orElse("") + ": digest: " + pushed.digest() + " size: " + pushed.bytes().length;
        lines.lines.note("", done, done);
        if (style == ProgressLines.Style.SILENT) {
            call.console().out(destination.familiar() + "\n");
        }
    }

    /** What docker prints while it pushes. */
    private static final class Lines implements CopyListener {
        private final ProgressLines lines;
        private final Set<Digest> layers = new HashSet<>();

        Lines(Consumer<String> out, ProgressLines.Style style, int columns) {
            this.lines = new ProgressLines(out, style, columns);
        }

        @Override
        public synchronized void planned(Descriptor blob) {
            if (!MediaType.isConfig(blob.mediaType()) && layers.add(blob.digest())) {
                lines.say(blob.digest().abbreviated(), "Preparing");
            }
        }

        @Override
        public synchronized void read(Descriptor blob, long bytes) {
            if (layers.contains(blob.digest())) {
                lines.move(blob.digest().abbreviated(), "Pushing", bytes, blob.size());
            }
        }

        @Override
        public synchronized void done(Descriptor blob, ImageTarget.Outcome outcome) {
            if (layers.contains(blob.digest())) {
                lines.say(blob.digest().abbreviated(), switch (outcome) {
                    case EXISTS -> "Layer already exists";
                    case MOUNTED -> "Mounted from another repository";
                    case WRITTEN -> "Pushed";
                });
            }
        }
    }
}
