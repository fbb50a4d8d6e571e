package dev.carafe.cli.list;

import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.text.Amount;
import dev.carafe.cli.text.Width;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What {@code images} prints (docker's reference of {@code docker image ls}, section "Format the output"). */
public final class ImageList {
    private static final Headings HEADINGS = new Headings("image",
            List.of("Containers", "CreatedAt", "CreatedSince", "Digest", "ID", "Repository", "SharedSize", "Size", "Tag", "UniqueSize", "VirtualSize"),
            List.of("CONTAINERS", "CREATED AT", "CREATED", "DIGEST", "IMAGE ID", "REPOSITORY", "SHARED SIZE", "SIZE", "TAG", "UNIQUE SIZE", "SIZE"));
    private static final String TABLE = "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
    private static final String TABLE_WITH_DIGESTS = "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
    private static final String NONE = "<none>";

    private ImageList() {}

    /**
     * The images as text: a line for each tag, with digests for each tag and digest.
     *
     * @param now the moment that ages are counted to
     * @param zone the reader's time zone
     */
    public static String print(List<ImageRow> images, View view, Instant now, ZoneId zone) {
        String format = view.quiet() ? "{{.ID}}" : view.format();
        boolean digests = view.extra() || format.contains("Digest");
        if (view.extra() && format.startsWith("table ") && !format.contains("{{.Digest}}")) {
            format += "\t{{.Digest}}";
        }
        var rows = new ArrayList<Row>();
        for (ImageRow image : images) {
            for (Name name : names(image, digests)) {
                rows.add(new Line(image, name, view.whole(), now, zone));
            }
        }
        return Listing.print(format, view.extra() ? TABLE_WITH_DIGESTS : TABLE, HEADINGS, rows);
    }

    /** A reference as users write it: without the default registry and its default namespace. */
    static String familiar(String reference) {
        if (reference.startsWith("docker.io/library/")) {
            return reference.substring("docker.io/library/".length());
        }
        return reference.startsWith("docker.io/") ? reference.substring("docker.io/".length()) : reference;
    }

    private record Name(String repository, String tag, String digest) {}

    private static List<Name> names(ImageRow image, boolean digests) {
        Map<String, List<String>> byRepository = new LinkedHashMap<>();
        for (String reference : image.digests()) {
            int at = reference.indexOf('@');
            byRepository.computeIfAbsent(familiar(reference.substring(0, at)), r -> new ArrayList<>()).add(reference.substring(at + 1));
        }
        var names = new ArrayList<Name>();
        var tagged = new ArrayList<String>();
        for (String reference : image.tags()) {
            int colon = reference.lastIndexOf(':');
            String repository = familiar(reference.substring(0, colon));
            String tag = reference.substring(colon + 1);
            tagged.add(repository);
            for (String digest : digests ? byRepository.getOrDefault(repository, List.of(NONE)) : List.of(NONE)) {
                names.add(new Name(repository, tag, digest));
            }
        }
        for (Map.Entry<String, List<String>> entry : byRepository.entrySet()) {
            if (tagged.contains(entry.getKey())) {
                continue;
            }
            for (String digest : digests ? entry.getValue() : List.of(NONE)) {
                names.add(new Name(entry.getKey(), NONE, digest));
            }
        }
        return names.isEmpty() ? List.of(new Name(NONE, NONE, NONE)) : names;
    }

    private record Line(ImageRow image, Name name, boolean whole, Instant now, ZoneId zone) implements Listed {
        @Override
        public Headings headings() {
            return HEADINGS;
        }

        @Override
        public String text(String column) {
            return switch (column) {
                case "ID" -> whole ? image.id() : Width.shortId(image.id());
                case "Repository" -> name.repository();
                case "Tag" -> name.tag();
                case "Digest" -> name.digest();
                case "CreatedSince" -> Amount.span(Duration.between(image.created(), now)) + " ago";
                case "CreatedAt" -> Amount.moment(image.created(), zone);
                case "Size" -> Amount.size(image.size(), 3);
                case "VirtualSize" -> Amount.size(image.size(), 4);
                case "SharedSize" -> measured(image.shared());
                case "UniqueSize" -> image.shared().isEmpty() ? "N/A" : Amount.size(image.size() - image.shared().getAsLong(), 4);
                case "Containers" -> image.containers().isEmpty() ? "N/A" : Long.toString(image.containers().getAsLong());
                default -> throw new IllegalArgumentException(column);
            };
        }

        private static String measured(OptionalLong bytes) {
            return bytes.isEmpty() ? "N/A" : Amount.size(bytes.getAsLong(), 4);
        }
    }
}
