package dev.carafe.engine;

import dev.carafe.plan.Launch;
import java.nio.file.Path;

/**
 * Where an engine keeps things: {@code root} for what stays, {@code run} for what a reboot forgets.
 * <pre>
 *   ROOT/content/            blobs and names of images
 *   ROOT/snapshots/overlay/  file systems
 *   ROOT/snapshots/bottom/   what every container has something mounted upon, as the lowest layer of each
 *   ROOT/containers/ID/      container.json, config.json (the bundle), log, exit, hosts, hostname, resolv.conf
 *   ROOT/names/NAME          a link whose text is the id of the container of that name
 *   ROOT/volumes/NAME/       volume.json, _data
 *   ROOT/secrets/ID/         secret.json, data
 *   ROOT/networks/NAME.json  what a network is, in the words of docker's inspect
 *   RUN/leases/NETWORK/ADDRESS, .ports/PORT  links whose text is the container that has it
 *   RUN/containers/ID/       plan, monitor (a lock), attach (a socket), exec/…
 *   RUN/locks/ID             who changes the container
 *   RUN/filters/             compiled system call filters
 *   RUN/events               what happened since the last boot
 *   ROOT/builds/             steps of builds that need not be done again, see dev.carafe.build
 *   RUN/images/ID            where images are mounted to be looked at
 *   RUN/mount/               where roots are mounted, seen only inside containers
 *   RUN/engine.sock          the warm engine
 *   RUN/rehearsal/           what a warm engine rehearses with when it starts
 * </pre>
 */
public record Roots(Path root, Path run) {
    public static final Path DEFAULT_ROOT = Path.of("/var/lib/carafe");
    public static final Path DEFAULT_RUN = Path.of("/run/carafe");

    public Path content() {
        return root.resolve("content");
    }

    public Path snapshots(String driver) {
        return root.resolve("snapshots").resolve(driver);
    }

    Path bottom() {
        return root.resolve("snapshots").resolve("bottom");
    }

    public Path containers() {
        return root.resolve("containers");
    }

    public Path container(String id) {
        return containers().resolve(id);
    }

    public Path volumes() {
        return root.resolve("volumes");
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    public Path names() {
        return root.resolve("names");
    }

    /** What a builder keeps: its cache, and directories that outlive builds. */
    public Path builds() {
        return root.resolve("builds");
    }

    public Path networks() {
        return root.resolve("networks");
    }

    public Path leases() {
        return run.resolve("leases");
    }

    public Path runs() {
        return run.resolve("containers");
    }

    public Path run(String id) {
        return runs().resolve(id);
    }

    public Path plan(String id) {
        return run(id).resolve("plan");
    }

    public Path lock(String id) {
        return run(id).resolve(Launch.LOCK);
    }

    public Path log(String id) {
        return container(id).resolve("log");
    }

    public Path locks() {
        return run.resolve("locks");
    }

    public Path filters() {
        return run.resolve("filters");
    }

    public Path events() {
        return run.resolve("events");
    }

    /** Where images are mounted to be looked at. */
    public Path images() {
        return run.resolve("images");
    }

    public Path mountpoint() {
        return run.resolve("mount");
    }

    public Path socket() {
        return run.resolve("engine.sock");
    }
}
