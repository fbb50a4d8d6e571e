package dev.carafe.cli.command;

import dev.carafe.archive.Compression;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.transport.Conversion;
import dev.carafe.transport.Copy;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.ImageTarget;
import dev.carafe.transport.Place;
import java.util.List;
import java.util.Optional;

/** {@code carafe copy}: an image from one place to another, as skopeo does. */
final class ImageCopyCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe copy", "Copy an image between any two places")
            .operands("[OPTIONS] SOURCE DESTINATION", 2, 2)
            .options(Option.of(Type.SWITCH, 'a', "all", "Copy all of an index, not only one platform"),
                    Option.of(Type.TEXT, "platform", "Platform to choose from an index: OS/ARCH[/VARIANT]"),
                    Option.of(Type.TEXT, "override-os", "Operating system to choose from an index"),
                    Option.of(Type.TEXT, "override-arch", "Processor to choose from an index"),
                    Option.of(Type.TEXT, "override-variant", "Variant of the processor to choose from an index"),
                    Option.of(Type.TEXT, "multi-arch", "What to copy of an index: system, all or index-only").placeholder("option"),
                    Option.of(Type.TEXT, "digestfile", "Write the digest of what was copied to this file").placeholder("path"),
                    ProgressLines.Style.option(), Option.of(Type.SWITCH, 'q', "quiet", "Print nothing"))
            .options(ConversionFlags.options("dest-")).options(EndFlags.options()).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Place from = Place.parse(operands.getFirst());
        Place to = Place.parse(operands.get(1));
        Conversion.Form form = ConversionFlags.form(values, "dest-");
        Optional<Compression> packing = form.compression().or(to::compression);
        form = new Conversion.Form(form.format(), packing, form.preserveDigests());
        try (ImageSource source = from.source(new Surroundings(call, EndFlags.settings(call, values, "src-")));
                ImageTarget target = to.target(new Surroundings(call, EndFlags.settings(call, values, "dest-")))) {
            Copy.Options options = options(values).withForm(form);
            var style = ProgressLines.Style.of(call, values, 1);
            var listener = new Lines(call, style);
            Copy.Result result = new Copy(source, target, options, listener).run();
            if (values.given("digestfile")) {
                CallerFile.write(call.path(values.text("digestfile")), result.target().digest().toString());
            }
            listener.lines.note("", "Copied " + result.target().digest(), "Copied " + result.target().digest());
            return 0;
        }
    }

    /** Tells how a copy goes. */
    static CopyListener listener(Call call, boolean quiet) {
        return new Lines(call, quiet ? ProgressLines.Style.SILENT : ProgressLines.Style.of(call, 1));
    }

    private static Copy.Options options(Values values) {
        String many = values.text("multi-arch");
        return switch (many) {
            case "", "system" -> values.on("all") ? Copy.Options.all() : Copy.Options.of(platform(values));
            case "all" -> Copy.Options.all();
            case "index-only" -> Copy.Options.justTheIndex();
            default -> throw Fault.invalid("read option", "--multi-arch " + many, "expected system, all or index-only");
        };
    }

    static Platform platform(Values values) {
        Platform host = Platform.host(System.getProperty("os.arch"));
        if (values.given("platform")) {
            return Platform.parse(values.text("platform"), host);
        }
        if (!values.given("override-os") && !values.given("override-arch") && !values.given("override-variant")) {
            return host;
        }
        String arch = values.textIfGiven("override-arch").orElse(host.architecture());
        return Platform.parse(values.textIfGiven("override-os").orElse(host.os()) + "/" + arch + values.textIfGiven("override-variant").map(v -> "/" + v).orElse(""), host);
    }

    /** What is copied, one line each. */
    private static final class Lines implements CopyListener {
        private final ProgressLines lines;

        Lines(Call call, ProgressLines.Style style) {
            this.lines = new ProgressLines(call.console()::out, style, call.console().request().columns());
        }

        @Override
        public synchronized void begun(Descriptor blob) {
            lines.say(id(blob), "Copying");
        }

        @Override
        public synchronized void read(Descriptor blob, long bytes) {
            lines.move(id(blob), "Copying", bytes, blob.size());
        }

        @Override
        public synchronized void done(Descriptor blob, ImageTarget.Outcome outcome) {
            lines.say(id(blob), outcome == ImageTarget.Outcome.EXISTS ? "Already there" : outcome == ImageTarget.Outcome.MOUNTED ? "Mounted" : "Copied");
        }

        private static String id(Descriptor blob) {
            return (MediaType.isConfig(blob.mediaType()) ? "config " : "blob ") + blob.digest().abbreviated();
        }
    }
}
