package dev.carafe.cli.command;

import dev.carafe.base.ByteSize;
import dev.carafe.base.Digest;
import dev.carafe.base.Durations;
import dev.carafe.cli.list.Headings;
import dev.carafe.cli.list.Listed;
import dev.carafe.cli.list.Listing;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.content.Image;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerWords;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Images;
import dev.carafe.engine.Volume;
import dev.carafe.oci.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code system df -v} prints: each image, container and volume with its size (docker's reference of {@code docker system df}). */
final class DiskUsage {
    private static final Headings IMAGES = new Headings("image",
            List.of("Containers", "Created", "ID", "Repository", "SharedSize", "Size", "Tag", "UniqueSize"),
            List.of("CONTAINERS", "CREATED", "IMAGE ID", "REPOSITORY", "SHARED SIZE", "SIZE", "TAG", "UNIQUE SIZE"));
    private static final Headings CONTAINERS = new Headings("container", List.of("Command", "Created", "ID", "Image", "LocalVolumes", "Names", "Size", "Status"),
            List.of("COMMAND", "CREATED", "CONTAINER ID", "IMAGE", "LOCAL VOLUMES", "NAMES", "SIZE", "STATUS"));
    private static final Headings VOLUMES = new Headings("volume", List.of("Links", "Name", "Size"), List.of("LINKS", "VOLUME NAME", "SIZE"));
    private static final String NONE = "<none>";
    private static final int SHORT = 12;
    private static final int COMMAND = 20;

    private final Engine engine;
    private final Instant now;

    DiskUsage(Engine engine, Instant now) {
        this.engine = engine;
        this.now = now;
    }

    /** A line, by the names of its columns. */
    private record Line(Headings headings, Map<String, String> cells) implements Listed {
        @Override
        public String text(String column) {
            return cells.getOrDefault(column, "");
        }
    }

    String print() {
        return "Images space usage:\n\n"
                + Listing.print("", "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.Created}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}", IMAGES, images())
                + "\nContainers space usage:\n\n"
                + Listing.print("", "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.Created}}\t{{.Status}}\t{{.Names}}", CONTAINERS, containers())
                + "\nLocal Volumes space usage:\n\n" + Listing.print("", "{{.Name}}\t{{.Links}}\t{{.Size}}", VOLUMES, volumes());
    }

    private static String size(long bytes) {
        return new ByteSize(bytes).decimal();
    }

    private String ago(Instant moment) {
        return Durations.human(Duration.between(moment, now)) + " ago";
    }

    private List<Row> images() {
        Images images = engine.images();
        Map<Digest, List<Image>> byId = new LinkedHashMap<>();
        for (Image image : images.list()) {
            byId.computeIfAbsent(images.shown(image).config().digest(), id -> new ArrayList<>()).add(image);
        }
        Map<Digest, List<Images.Layer>> layers = new HashMap<>();
        Map<Digest, Integer> holders = new HashMap<>();
        byId.keySet().forEach(id -> {
            layers.put(id, images.layers(id.toString()));
            layers.get(id).forEach(layer -> holders.merge(layer.chainId(), 1, Integer::sum));
        });
        Map<Digest, List<String>> users = engine.containers().users();
        var rows = new ArrayList<Row>();
        byId.forEach((id, same) -> {
            long whole = images.size(same.getFirst());
            long shared = layers.get(id).stream().filter(layer -> holders.get(layer.chainId()) > 1).mapToLong(Images.Layer::bytes).sum();
            Instant created = images.config(id).created().orElse(Instant.EPOCH);
            for (Image image : same) {
                Optional<Reference> name = image.name().map(Reference::parse);
                rows.add(new Line(IMAGES, Map.of("Repository", name.map(Reference::familiarName).orElse(NONE), "Tag", name.flatMap(Reference::tag).orElse(NONE), "ID",
                        id.hex().substring(0, SHORT), "Created", ago(created), "Size", size(whole), "SharedSize", size(shared), "UniqueSize", size(whole - shared),
                        "Containers", Integer.toString(users.getOrDefault(id, List.of()).size()))));
            }
        });
        return rows;
    }

    private List<Row> containers() {
        var rows = new ArrayList<Row>();
        Map<String, List<String>> volumes = engine.volumes().users();
        for (Container container : engine.containers().list()) {
            String command = ContainerWords.command(container.record());
            long used = volumes.values().stream().filter(ids -> ids.contains(container.id())).count();
            rows.add(new Line(CONTAINERS, Map.of("ID", container.id().substring(0, SHORT), "Image", container.record().image(), "Command",
                    "\"" + (command.length() <= COMMAND ? command : command.substring(0, COMMAND - 1) + "…") + "\"", "LocalVolumes", Long.toString(used), "Size",
                    size(container.bytesWritten()), "Created", ago(container.record().created()), "Status", ContainerWords.status(container, container.status(), now), "Names",
                    container.record().name())));
        }
        return rows;
    }

    private List<Row> volumes() {
        var rows = new ArrayList<Row>();
        Map<String, List<String>> users = engine.volumes().users();
        for (Volume volume : engine.volumes().list()) {
            rows.add(new Line(VOLUMES, Map.of("Name", volume.name(), "Links", Integer.toString(users.getOrDefault(volume.name(), List.of()).size()), "Size",
                    size(engine.volumes().size(volume)))));
        }
        return rows;
    }
}
