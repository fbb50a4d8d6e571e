package dev.carafe.cli.command;

import dev.carafe.base.Digest;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.list.Filters;
import dev.carafe.cli.list.ImageList;
import dev.carafe.cli.list.ImageRow;
import dev.carafe.cli.list.View;
import dev.carafe.content.Image;
import dev.carafe.engine.Images;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Reference;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code carafe images}: list images. */
final class ImagesCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe images", "List images").operands("[OPTIONS] [REPOSITORY[:TAG]]", 0, 1)
            .options(Option.of(Type.SWITCH, 'a', "all", "Show all images"),
                    Option.of(Type.SWITCH, "digests", "Show digests"),
                    Option.of(Type.FILTER, 'f', "filter", "Show those that fit (dangling, label, reference, before, since)"),
                    Option.of(Type.TEXT, "format", "Print by this Go template, or table, or json"),
                    Option.of(Type.SWITCH, "no-trunc", "Cut nothing short"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print only ids"),
                    Option.absent(Type.SWITCH, Option.NO_LETTER, "tree", "platforms are not listed one by one"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Filters filters = Filters.parse(values.list("filter"), List.of("dangling", "label", "reference", "before", "since"));
        Images images = call.engine().images();
        Map<Digest, List<Image>> byId = new LinkedHashMap<>();
        for (Image image : images.list()) {
            byId.computeIfAbsent(image.config().orElse(image.target().digest()), id -> new ArrayList<>()).add(image);
        }
        var rows = new ArrayList<ImageRow>();
        for (Map.Entry<Digest, List<Image>> entry : byId.entrySet()) {
            ImageConfig config = images.listed(entry.getValue().getFirst());
            var tags = new ArrayList<String>();
            var digests = new ArrayList<String>();
            for (Image image : entry.getValue()) {
                Optional<Reference> name = image.name().map(Reference::parse);
                Optional<String> fitting = name.map(Reference::familiar).filter(tag -> operands.isEmpty() || matches(tag, operands.getFirst()))
                        .filter(tag -> filters.of("reference").isEmpty() || filters.of("reference").stream().anyMatch(f -> matches(tag, f)));
                if (fitting.isPresent()) {
                    String digest = name.get().familiarName() + "@" + image.origin().orElse(image.target().digest());
                    if (!digests.contains(digest)) {
                        digests.add(digest);
                    }
                    if (name.get().digest().isEmpty()) {
                        tags.add(fitting.get());
                    }
                }
            }
            boolean nameless = entry.getValue().stream().allMatch(image -> image.name().isEmpty());
            boolean named = operands.isEmpty() && filters.of("reference").isEmpty() ? nameless || !digests.isEmpty() : !digests.isEmpty();
            if (named && fits(images, config, nameless, filters)) {
                rows.add(ImageRow.of(entry.getKey().toString(), tags, digests, config.created().orElse(Instant.EPOCH), images.size(entry.getValue().getFirst())));
            }
        }
        rows.sort((a, b) -> b.created().compareTo(a.created()));
        View view = new View(values.text("format"), values.on("quiet"), values.on("no-trunc"), values.on("digests"));
        call.console().out(ImageList.print(rows, view, Instant.now(), ZoneId.systemDefault()));
        return 0;
    }

    private static boolean fits(Images images, ImageConfig config, boolean nameless, Filters filters) {
        Optional<Boolean> dangling = filters.truth("dangling");
        if (dangling.isPresent() && dangling.get() != nameless) {
            return false;
        }
        for (String label : filters.of("label")) {
            int equals = label.indexOf('=');
            String value = config.config().labels().get(equals < 0 ? label : label.substring(0, equals));
            if (value == null || equals >= 0 && !value.equals(label.substring(equals + 1))) {
                return false;
            }
        }
        Instant created = config.created().orElse(Instant.EPOCH);
        return filters.of("before").stream().allMatch(other -> created.isBefore(created(images, other)))
                && filters.of("since").stream().allMatch(other -> created.isAfter(created(images, other)));
    }

    private static Instant created(Images images, String other) {
        return images.listed(images.find(other)).created().orElse(Instant.EPOCH);
    }

    /** A repository, a repository with a tag, or a pattern with {@code *}. */
    private static boolean matches(String tag, String wanted) {
        String repository = Reference.parse(tag).familiarName();
        String short1 = repository.startsWith("localhost/") ? repository.substring(10) : repository;
        if (wanted.equals(tag) || wanted.equals(repository) || wanted.equals(short1) || tag.equals("localhost/" + wanted)) {
            return true;
        }
        var glob = java.nio.file.FileSystems.getDefault().getPathMatcher("glob:" + wanted);
        return wanted.indexOf('*') >= 0 && (glob.matches(java.nio.file.Path.of(tag)) || glob.matches(java.nio.file.Path.of(repository)));
    }
}
