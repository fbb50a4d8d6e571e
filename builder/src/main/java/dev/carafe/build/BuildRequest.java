package dev.carafe.build;

import dev.carafe.engine.Images;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that can be said about a build.
 *
 * @param context the files that it may use
 * @param contexts further ones, by name
 * @param dockerfile a path in the context, or of this machine when it is absolute; absent: {@code Dockerfile}, else {@code Containerfile}
 * @param text the Dockerfile itself, in place of a path
 * @param tags the names of the image
 * @param arguments for ARG
 * @param target the stage that is asked for; absent: the last
 * @param cached whether steps are taken from the cache
 * @param uncachedStages the stages whose steps are not
 * @param pull whether base images are looked for anew
 * @param labels of the image
 * @param platform of the image; absent: this machine's
 * @param network of commands: {@code none}, {@code host}, or the name of a network; absent: the usual one
 * @param cgroupParent the control group that those of commands are made in
 * @param hosts further lines of their /etc/hosts, as docker's {@code --add-host} has them
 * @param secrets what {@code RUN --mount=type=secret} may ask for, by id
 * @param agents sockets of agents for {@code RUN --mount=type=ssh}, by id
 * @param allowed entitlements: {@code network.host}, {@code security.insecure}
 * @param time what times in the image are at most, and that of the image; absent: those of the base images, so that the same build makes the same image whenever it runs
 * @param squash whether the layers of the build become one
 * @param store whether the image is stored
 * @param fetch fetches base images that are not here
 */
public record BuildRequest(BuildContext context, Map<String, BuildContext> contexts, Optional<String> dockerfile, Optional<String> text, List<String> tags,
        Map<String, String> arguments, Optional<String> target, boolean cached, Set<String> uncachedStages, boolean pull, Map<String, String> labels,
        Optional<String> platform, Optional<String> network, Optional<String> cgroupParent, List<String> hosts, Map<String, byte[]> secrets, Map<String, Path> agents, Set<String> allowed,
        Optional<Instant> time, boolean squash, boolean store, Optional<Images.Fetch> fetch) {
    public BuildRequest {
        contexts = Map.copyOf(contexts);
        tags = List.copyOf(tags);
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        uncachedStages = Set.copyOf(uncachedStages);
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        hosts = List.copyOf(hosts);
        secrets = Map.copyOf(secrets);
        agents = Map.copyOf(agents);
        allowed = Set.copyOf(allowed);
    }

    /** Nothing said but the context. */
    public static Builder builder(BuildContext context) {
        return new Builder(context);
    }

    /** The same without the cache, and stored under no name: to be compared with what the first one made. */
    BuildRequest again() {
        return new BuildRequest(context, contexts, dockerfile, text, List.of(), arguments, target, false, Set.of(), false, labels, platform, network, cgroupParent, hosts, secrets, agents,
                allowed, time, squash, false, fetch);
    }

    /** Collects the parts of {@link BuildRequest}. */
    public static final class Builder {
        private final BuildContext context;
        private Map<String, BuildContext> contexts = Map.of();
        private Optional<String> dockerfile = Optional.empty();
        private Optional<String> text = Optional.empty();
        private List<String> tags = List.of();
        private Map<String, String> arguments = Map.of();
        private Optional<String> target = Optional.empty();
        private boolean cached = true;
        private Set<String> uncachedStages = Set.of();
        private boolean pull;
        private Map<String, String> labels = Map.of();
        private Optional<String> platform = Optional.empty();
        private Optional<String> network = Optional.empty();
        private Optional<String> cgroupParent = Optional.empty();
        private List<String> hosts = List.of();
        private Map<String, byte[]> secrets = Map.of();
        private Map<String, Path> agents = Map.of();
        private Set<String> allowed = Set.of();
        private Optional<Instant> time = Optional.empty();
        private boolean squash;
        private boolean store = true;
        private Optional<Images.Fetch> fetch = Optional.empty();

        private Builder(BuildContext context) {
            this.context = context;
        }

        public Builder contexts(Map<String, BuildContext> byName) {
            contexts = byName;
            return this;
        }

        public Builder dockerfile(String path) {
            dockerfile = Optional.of(path);
            return this;
        }

        public Builder text(String content) {
            text = Optional.of(content);
            return this;
        }

        public Builder tags(List<String> names) {
            tags = names;
            return this;
        }

        public Builder arguments(Map<String, String> values) {
            arguments = values;
            return this;
        }

        public Builder target(String stage) {
            target = Optional.of(stage);
            return this;
        }

        public Builder cached(boolean on) {
            cached = on;
            return this;
        }

        public Builder uncachedStages(Set<String> names) {
            uncachedStages = names;
            return this;
        }

        public Builder pull(boolean on) {
            pull = on;
            return this;
        }

        public Builder labels(Map<String, String> all) {
            labels = all;
            return this;
        }

        public Builder platform(String words) {
            platform = Optional.of(words);
            return this;
        }

        public Builder network(String mode) {
            network = Optional.of(mode);
            return this;
        }

        public Builder cgroupParent(String path) {
            cgroupParent = Optional.of(path);
            return this;
        }

        public Builder hosts(List<String> lines) {
            hosts = lines;
            return this;
        }

        public Builder secrets(Map<String, byte[]> byId) {
            secrets = byId;
            return this;
        }

        public Builder agents(Map<String, Path> byId) {
            agents = byId;
            return this;
        }

        public Builder allowed(Set<String> entitlements) {
            allowed = entitlements;
            return this;
        }

        public Builder time(Instant latest) {
            time = Optional.of(latest);
            return this;
        }

        public Builder squash(boolean on) {
            squash = on;
            return this;
        }

        public Builder store(boolean on) {
            store = on;
            return this;
        }

        public Builder fetch(Images.Fetch by) {
            fetch = Optional.of(by);
            return this;
        }

        public BuildRequest build() {
            return new BuildRequest(context, contexts, dockerfile, text, tags, arguments, target, cached, uncachedStages, pull, labels, platform, network, cgroupParent, hosts, secrets,
                    agents, allowed, time, squash, store, fetch);
        }
    }
}
