package dev.carafe.engine;

import dev.carafe.oci.Healthcheck;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that can be said about a container before it exists (docker's reference of {@code docker container create} and {@code run}).
 * What is not said comes from the image or is the engine's default.
 *
 * @param image the reference or id of its image, as the user wrote it
 * @param platform which of a reference's images; absent: the host's
 * @param pull when the image is fetched
 * @param quiet whether fetching says nothing
 * @param name absent: the engine finds one
 * @param idFile the file that its id is written to
 * @param labels for people and tools
 * @param annotations for the runtime
 * @param process what runs
 * @param streams what its caller sees of it
 * @param mounts what is mounted, in order
 * @param volumesFrom containers whose mounts it has as well, each a name or id, with {@code :ro} read-only
 * @param readOnly whether its root file system is read-only
 * @param shmBytes the size of /dev/shm
 * @param limits how much it may use
 * @param cgroupParent the cgroup that its own is made in
 * @param security what it may do
 * @param namespaces whom it shares namespaces with
 * @param network how it is reached
 * @param removeWhenDone whether it goes when it ends, with its nameless volumes
 * @param restart whether it starts again
 * @param runtime which runtime performs it
 * @param logDriver where its output goes
 * @param logOptions options for that driver
 * @param health how it is asked whether it is well, in place of what the image says
 * @param onUnhealthy what is done with it when it is not
 * @param secrets which secrets it is given
 */
public record ContainerOptions(String image, Optional<String> platform, PullPolicy pull, boolean quiet, Optional<String> name,
        Optional<String> idFile, Map<String, String> labels, Map<String, String> annotations, ProcessOptions process, StreamOptions streams,
        List<ContainerMount> mounts, List<String> volumesFrom, boolean readOnly, Optional<Long> shmBytes, LimitOptions limits, Optional<String> cgroupParent,
        SecurityOptions security, NamespaceOptions namespaces, NetworkOptions network, boolean removeWhenDone, RestartPolicy restart,
        Optional<String> runtime, Optional<String> logDriver, Map<String, String> logOptions, Optional<Healthcheck> health,
        HealthAction onUnhealthy, List<SecretUse> secrets) {
    public ContainerOptions {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        mounts = List.copyOf(mounts);
        volumesFrom = List.copyOf(volumesFrom);
        secrets = List.copyOf(secrets);
        logOptions = Collections.unmodifiableMap(new LinkedHashMap<>(logOptions));
    }

    /** Nothing said but the image. */
    public static Builder builder(String image) {
        return new Builder(image);
    }

    public Builder toBuilder() {
        var b = new Builder(image);
        b.platform = platform;
        b.pull = pull;
        b.quiet = quiet;
        b.name = name;
        b.idFile = idFile;
        b.labels = labels;
        b.annotations = annotations;
        b.process = process;
        b.streams = streams;
        b.mounts = mounts;
        b.volumesFrom = volumesFrom;
        b.readOnly = readOnly;
        b.shmBytes = shmBytes;
        b.limits = limits;
        b.cgroupParent = cgroupParent;
        b.security = security;
        b.namespaces = namespaces;
        b.network = network;
        b.removeWhenDone = removeWhenDone;
        b.restart = restart;
        b.runtime = runtime;
        b.logDriver = logDriver;
        b.logOptions = logOptions;
        b.health = health;
        b.onUnhealthy = onUnhealthy;
        b.secrets = secrets;
        return b;
    }

    /** Collects the parts of {@link ContainerOptions}. */
    public static final class Builder {
        private final String image;
        private Optional<String> platform = Optional.empty();
        private PullPolicy pull = PullPolicy.MISSING;
        private boolean quiet;
        private Optional<String> name = Optional.empty();
        private Optional<String> idFile = Optional.empty();
        private Map<String, String> labels = Map.of();
        private Map<String, String> annotations = Map.of();
        private ProcessOptions process = ProcessOptions.NONE;
        private StreamOptions streams = StreamOptions.NONE;
        private List<ContainerMount> mounts = List.of();
        private List<String> volumesFrom = List.of();
        private boolean readOnly;
        private Optional<Long> shmBytes = Optional.empty();
        private LimitOptions limits = LimitOptions.NONE;
        private Optional<String> cgroupParent = Optional.empty();
        private SecurityOptions security = SecurityOptions.NONE;
        private NamespaceOptions namespaces = NamespaceOptions.NONE;
        private NetworkOptions network = NetworkOptions.NONE;
        private boolean removeWhenDone;
        private RestartPolicy restart = RestartPolicy.NO;
        private Optional<String> runtime = Optional.empty();
        private Optional<String> logDriver = Optional.empty();
        private Map<String, String> logOptions = Map.of();
        private Optional<Healthcheck> health = Optional.empty();
        private HealthAction onUnhealthy = HealthAction.NONE;
        private List<SecretUse> secrets = List.of();

        private Builder(String image) {
            this.image = image;
        }

        public Builder platform(String words) {
            platform = Optional.of(words);
            return this;
        }

        public Builder pull(PullPolicy policy) {
            pull = policy;
            return this;
        }

        public Builder quiet(boolean on) {
            quiet = on;
            return this;
        }

        public Builder name(String itsName) {
            name = Optional.of(itsName);
            return this;
        }

        public Builder idFile(String path) {
            idFile = Optional.of(path);
            return this;
        }

        public Builder labels(Map<String, String> all) {
            labels = all;
            return this;
        }

        public Builder annotations(Map<String, String> all) {
            annotations = all;
            return this;
        }

        public Builder process(ProcessOptions options) {
            process = options;
            return this;
        }

        public Builder streams(StreamOptions options) {
            streams = options;
            return this;
        }

        public Builder mounts(List<ContainerMount> all) {
            mounts = all;
            return this;
        }

        public Builder volumesFrom(List<String> containers) {
            volumesFrom = containers;
            return this;
        }

        public Builder readOnly(boolean on) {
            readOnly = on;
            return this;
        }

        public Builder shmBytes(long bytes) {
            shmBytes = Optional.of(bytes);
            return this;
        }

        public Builder limits(LimitOptions options) {
            limits = options;
            return this;
        }

        public Builder cgroupParent(String path) {
            cgroupParent = Optional.of(path);
            return this;
        }

        public Builder security(SecurityOptions options) {
            security = options;
            return this;
        }

        public Builder namespaces(NamespaceOptions options) {
            namespaces = options;
            return this;
        }

        public Builder network(NetworkOptions options) {
            network = options;
            return this;
        }

        public Builder removeWhenDone(boolean on) {
            removeWhenDone = on;
            return this;
        }

        public Builder restart(RestartPolicy policy) {
            restart = policy;
            return this;
        }

        public Builder runtime(String itsName) {
            runtime = Optional.of(itsName);
            return this;
        }

        public Builder logging(Optional<String> driver, Map<String, String> options) {
            logDriver = driver;
            logOptions = options;
            return this;
        }

        public Builder secrets(List<SecretUse> uses) {
            secrets = uses;
            return this;
        }

        public Builder onUnhealthy(HealthAction action) {
            onUnhealthy = action;
            return this;
        }

        public Builder health(Healthcheck check) {
            health = Optional.of(check);
            return this;
        }

        public ContainerOptions build() {
            return new ContainerOptions(image, platform, pull, quiet, name, idFile, labels, annotations, process, streams, mounts, volumesFrom, readOnly,
                    shmBytes, limits, cgroupParent, security, namespaces, network, removeWhenDone, restart, runtime, logDriver, logOptions, health, onUnhealthy,
                    secrets);
        }
    }
}
