package dev.carafe.cli.list;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What {@code ps} needs to know of one container (the fields of the Engine API's ContainerSummary).
 *
 * @param id the whole id
 * @param names its names, without slashes in front; a name with a slash within is another container's word for it
 * @param image the reference it was created from, as it was given; empty when its image is gone
 * @param imageId the id of its image
 * @param command the command and its arguments, joined by spaces
 * @param created when it was created
 * @param state created, running, paused, restarting, removing, exited or dead
 * @param status the state in words, such as {@code Up 2 hours}
 * @param ports its ports, published or only exposed
 * @param labels its labels
 * @param mounts its volumes and bind mounts
 * @param networks the names of its networks
 * @param writtenBytes the size of what it wrote; 0 when that was not asked for
 * @param totalBytes the same with its image; 0 when that was not asked for
 */
public record ContainerRow(String id, List<String> names, String image, String imageId, String command, Instant created, String state,
        String status, List<Port> ports, Map<String, String> labels, List<Mounted> mounts, List<String> networks, long writtenBytes,
        long totalBytes) {
    public ContainerRow {
        names = List.copyOf(names);
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        mounts = List.copyOf(mounts);
        networks = List.copyOf(networks);
    }

    /**
     * A port of a container.
     *
     * @param address the host's address that it is published on; empty when it is not
     * @param inside the port within the container
     * @param outside the host's port; 0 when it is not published
     * @param protocol tcp, udp or sctp
     */
    public record Port(String address, int inside, int outside, String protocol) {}

    /**
     * A mount of a container.
     *
     * @param name the volume's name; empty for a bind mount
     * @param source the path on the host
     * @param driver the volume's driver; empty for a bind mount
     */
    public record Mounted(String name, String source, String driver) {}

    /** A container that nothing but the id is known of. */
    public static Builder builder(String id) {
        return new Builder(id);
    }

    /** Collects the parts of a {@link ContainerRow}. */
    public static final class Builder {
        private final String id;
        private List<String> names = List.of();
        private String image = "";
        private String imageId = "";
        private String command = "";
        private Instant created = Instant.EPOCH;
        private String state = "";
        private String status = "";
        private List<Port> ports = List.of();
        private Map<String, String> labels = Map.of();
        private List<Mounted> mounts = List.of();
        private List<String> networks = List.of();
        private long writtenBytes;
        private long totalBytes;

        private Builder(String id) {
            this.id = id;
        }

        public Builder names(String... all) {
            names = List.of(all);
            return this;
        }

        public Builder image(String reference, String itsId) {
            image = reference;
            imageId = itsId;
            return this;
        }

        public Builder command(String line) {
            command = line;
            return this;
        }

        public Builder created(Instant moment) {
            created = moment;
            return this;
        }

        public Builder state(String word, String inWords) {
            state = word;
            status = inWords;
            return this;
        }

        public Builder ports(List<Port> all) {
            ports = all;
            return this;
        }

        public Builder labels(Map<String, String> all) {
            labels = all;
            return this;
        }

        public Builder mounts(List<Mounted> all) {
            mounts = all;
            return this;
        }

        public Builder networks(List<String> all) {
            networks = all;
            return this;
        }

        public Builder sizes(long written, long total) {
            writtenBytes = written;
            totalBytes = total;
            return this;
        }

        public ContainerRow build() {
            return new ContainerRow(id, names, image, imageId, command, created, state, status, ports, labels, mounts, networks, writtenBytes,
                    totalBytes);
        }
    }
}
