package dev.carafe.cli.command;

import dev.carafe.archive.Compression;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.transport.Conversion;
import java.util.Optional;

/** The options by which commands change an image on its way. */
final class ConversionFlags {
    private ConversionFlags() {
    }

    /** @param prefix before the name of the compression, {@code dest-} for skopeo's commands */
    static Option[] options(String prefix) {
        return new Option[] {Option.of(Type.TEXT, 'f', "format", "Form of the documents: oci or v2s2 (default: as they are)"),
            Option.of(Type.TEXT, prefix.isEmpty() ? "compression-format" : "dest-compress-format", "Packing of the layers: gzip, zstd or none (default: as they are)"),
            Option.of(Type.SWITCH, "preserve-digests", "Fail rather than change a digest")};
    }

    static Conversion.Form form(Values values, String prefix) {
        Optional<Conversion.Format> format = switch (values.text("format")) {
            case "" -> Optional.empty();
            case "oci" -> Optional.of(Conversion.Format.OCI);
            case "v2s2", "docker" -> Optional.of(Conversion.Format.DOCKER);
            case "v2s1" -> throw Fault.of(Fault.Kind.UNSUPPORTED, "read option", "--format v2s1", "schema 1 is not written any more").hint("choose oci or v2s2");
            default -> throw Fault.invalid("read option", "--format \"" + values.text("format") + "\"", "expected oci or v2s2");
        };
        String packed = values.text(prefix.isEmpty() ? "compression-format" : "dest-compress-format");
        Optional<Compression> compression = switch (packed) {
            case "" -> Optional.empty();
            case "gzip" -> Optional.of(Compression.GZIP);
            case "zstd" -> Optional.of(Compression.ZSTD);
            case "none" -> Optional.of(Compression.NONE);
            default -> throw Fault.invalid("read option", "compression \"" + packed + "\"", "expected gzip, zstd or none");
        };
        return new Conversion.Form(format, compression, values.on("preserve-digests"));
    }
}
