package dev.carafe.docker;

import dev.carafe.engine.ContainerMount;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.ProcessOptions;
import dev.carafe.engine.PullPolicy;
import dev.carafe.engine.RestartPolicy;
import dev.carafe.engine.StreamOptions;
import dev.carafe.engine.StreamOptions.Stream;
import dev.carafe.kernel.Signal;
import dev.carafe.oci.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client says of a container that is to be made ({@code ContainerCreateRequest}), as the engine's options. */
final class CreateRequest {
    private final Body config;
    private final Body host;
    private final Body networks;
    private final LinkLines links;

    CreateRequest(Body body, LinkLines links) {
        this.links = links;
        config = body;
        host = body.object("HostConfig");
        networks = body.object("NetworkingConfig").object("EndpointsConfig");
    }

    /** @throws ApiFault where it asks for what this engine has not, rather than leave that out */
    ContainerOptions options(Optional<String> name, Optional<String> platform) {
        String image = config.text("Image");
        if (image.isEmpty()) {
            throw ApiFault.invalid("config cannot be empty in order to create a container");
        }
        refuse();
        var options = ContainerOptions.builder(image)
                .pull(PullPolicy.NEVER)
                .labels(config.map("Labels"))
                .annotations(host.map("Annotations"))
                .process(process())
                .streams(streams())
                .mounts(new MountRequest(config, host).mounts())
                .volumesFrom(host.texts("VolumesFrom"))
                .readOnly(host.on("ReadonlyRootfs"))
                .limits(LimitRequest.of(host))
                .security(SecurityRequest.of(host))
                .namespaces(SecurityRequest.namespaces(host))
                .network(new NetworkRequest(config, host, networks, links).options())
                .removeWhenDone(host.on("AutoRemove"))
                .restart(restart(host.object("RestartPolicy")))
                .logging(host.object("LogConfig").given("Type"), host.object("LogConfig").map("Config"));
        name.ifPresent(options::name);
        platform.ifPresent(options::platform);
        host.given("CgroupParent").ifPresent(options::cgroupParent);
        host.given("Runtime").ifPresent(options::runtime);
        host.given("ContainerIDFile").ifPresent(options::idFile);
        host.positive("ShmSize").ifPresent(options::shmBytes);
        health(config.object("Healthcheck")).ifPresent(options::health);
        if (host.on("AutoRemove") && !restart(host.object("RestartPolicy")).equals(RestartPolicy.NO)) {
            throw ApiFault.invalid("can't create 'AutoRemove' container with restart policy");
        }
        return options.build();
    }

    private void refuse() {
        if (!host.array("DeviceRequests").isEmpty()) {
            throw ApiFault.unsupported("device requests are not supported: name device nodes with Devices");
        }
        if (!host.map("StorageOpt").isEmpty()) {
            throw ApiFault.unsupported("--storage-opt is not supported by the overlay driver");
        }
        if (host.given("Isolation").filter(word -> !word.equals("default")).isPresent()) {
            throw ApiFault.invalid("invalid isolation \"" + host.text("Isolation") + "\" on linux");
        }
        if (host.given("VolumeDriver").filter(word -> !word.equals("local")).isPresent()) {
            throw ApiFault.notFound("error looking up volume plugin " + host.text("VolumeDriver") + ": plugin \"" + host.text("VolumeDriver") + "\" not found");
        }
        if (host.positive("CpuRealtimePeriod").isPresent() || host.positive("CpuRealtimeRuntime").isPresent()) {
            throw ApiFault.unsupported("groups get no real-time share");
        }
    }

    private ProcessOptions process() {
        var process = ProcessOptions.builder().command(config.words("Cmd")).groups(host.texts("GroupAdd")).environment(environment());
        if (config.has("Entrypoint")) {
            List<String> words = config.words("Entrypoint");
            // Docker's client says "nothing" by a list with an empty word.
            if (words.equals(List.of(""))) {
                process.entrypoint(List.of());
            } else if (!words.isEmpty()) {
                process.entrypoint(words);
            }
        }
        config.given("User").ifPresent(process::user);
        config.given("WorkingDir").ifPresent(directory -> {
            if (!directory.startsWith("/")) {
                throw ApiFault.invalid("the working directory '" + directory + "' is invalid, it needs to be an absolute path");
            }
            process.workingDirectory(directory);
        });
        config.given("StopSignal").ifPresent(signal -> process.stopSignal(Signal.parse(signal)));
        config.number("StopTimeout").ifPresent(seconds -> process.stopTimeout(Duration.ofSeconds(seconds)));
        host.flag("Init").ifPresent(process::init);
        return process.build();
    }

    private List<String> environment() {
        for (String variable : config.texts("Env")) {
            if (variable.isEmpty() || variable.startsWith("=")) {
                throw ApiFault.invalid("invalid environment variable: " + variable);
            }
        }
        return config.texts("Env");
    }

    private StreamOptions streams() {
        var attach = EnumSet.noneOf(Stream.class);
        if (config.on("AttachStdin")) {
            attach.add(Stream.STDIN);
        }
        if (config.on("AttachStdout")) {
            attach.add(Stream.STDOUT);
        }
        if (config.on("AttachStderr")) {
            attach.add(Stream.STDERR);
        }
        return StreamOptions.NONE.attach(attach).interactive(config.on("OpenStdin")).tty(config.on("Tty")).detach(attach.isEmpty());
    }

    static RestartPolicy restart(Body policy) {
        String name = policy.text("Name");
        long retries = policy.number("MaximumRetryCount").orElse(0L);
        for (RestartPolicy.Kind kind : RestartPolicy.Kind.values()) {
            if (kind.word().equals(name.isEmpty() ? "no" : name)) {
                if (retries > 0 && kind != RestartPolicy.Kind.ON_FAILURE) {
                    throw ApiFault.invalid("invalid restart policy: maximum retry count can only be used with 'on-failure'");
                }
                if (retries < 0) {
                    throw ApiFault.invalid("invalid restart policy: maximum retry count cannot be negative");
                }
                return new RestartPolicy(kind, (int) Math.min(retries, Integer.MAX_VALUE));
            }
        }
        throw ApiFault.invalid("invalid restart policy: unknown policy '" + name + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
    }

    /** Absent where nothing is said; times that are zero are the engine's. */
    private static Optional<Healthcheck> health(Body check) {
        List<String> test = check.texts("Test");
        if (test.isEmpty() && check.object().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Healthcheck.builder().test(test).interval(time(check, "Interval")).timeout(time(check, "Timeout"))
                .startPeriod(time(check, "StartPeriod")).startInterval(time(check, "StartInterval"))
                .retries(check.positive("Retries").map(Math::toIntExact)).build());
    }

    private static Optional<Duration> time(Body check, String name) {
        Optional<Long> nanos = check.positive(name);
        if (nanos.isPresent() && nanos.get() < 1_000_000) {
            throw ApiFault.invalid(name + " in Healthcheck cannot be less than 1ms");
        }
        return nanos.map(Duration::ofNanos);
    }

    /** What is mounted, by its places. */
    record MountRequest(Body config, Body host) {
        List<ContainerMount> mounts() {
            var all = new ArrayList<ContainerMount>();
            for (String bind : host.texts("Binds")) {
                all.add(dev.carafe.engine.VolumeWords.parse(bind, MountRequest::asItIs));
            }
            for (Body mount : host.objects("Mounts")) {
                all.add(MountWords.of(mount));
            }
            for (Map.Entry<String, String> tmpfs : host.map("Tmpfs").entrySet()) {
                all.add(dev.carafe.engine.VolumeWords.tmpfs(tmpfs.getValue().isEmpty() ? tmpfs.getKey() : tmpfs.getKey() + ":" + tmpfs.getValue()));
            }
            for (String target : config.object("Volumes").object().keySet()) {
                if (all.stream().noneMatch(mount -> same(mount.target(), target))) {
                    all.add(ContainerMount.Volume.of(Optional.empty(), target));
                }
            }
            for (int k = 0; k < all.size(); k++) {
                String target = all.get(k).target();
                if (all.subList(0, k).stream().anyMatch(mount -> same(mount.target(), target))) {
                    throw ApiFault.invalid("Duplicate mount point: " + target);
                }
            }
            return all;
        }

        private static boolean same(String one, String other) {
            return java.nio.file.Path.of(one).normalize().equals(java.nio.file.Path.of(other).normalize());
        }

        /** A client has made it absolute: this side knows nothing of its directory. */
        private static String asItIs(String path) {
            if (path.startsWith(".")) {
                throw ApiFault.invalid("invalid volume specification: '" + path + "': the source must be an absolute path or the name of a volume");
            }
            return path;
        }
    }
}
