package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Spec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointPlannerTest {
    private static final CheckpointPlanner.Criu CRIU = new CheckpointPlanner.Criu("criu", List.of("PATH=/sbin:/bin"), "/run/web/criu", List.of("/images", "/work", "/run/netns/a"));

    private static Launch launch(boolean foreground) {
        var caller = new Launch.Caller("/bundle", Optional.of("/run/web/gate"), Optional.empty(), Optional.empty(), 0, 2, 0, true, true, foreground, Map.of());
        return new Launch("web", new Launch.Root.Directory("/bundle/rootfs"), "/run/web", "/run/web", Optional.empty(), true, false, Optional.empty(), Optional.of(caller));
    }

    private static Plan restore(Spec spec, boolean foreground) {
        return CheckpointPlanner.restore(spec, "/bundle/rootfs", "/run/web/criu-root", CRIU, launch(foreground), Bundles.host(Bundles.V2));
    }

    @Test
    void toSaveCriuServesAndEnds() {
        Plan plan = CheckpointPlanner.save(CRIU);
        assertThat(Bundles.texts(plan, Actor.INIT)).containsExactly("start a new session",
                "offer a connection to \"/run/web/criu\" and open \"/images\" \"/work\" \"/run/netns/a\"", "execute \"criu\" \"swrk\" \"3\"");
        assertThat(((ProcessOperation.Execute) plan.steps().getLast().operation()).candidates()).containsExactly("/sbin/criu", "/bin/criu");
        assertThat(Bundles.texts(plan, Actor.MONITOR)).containsSubsequence("report that the program runs", "wait until it has ended",
                "leave; what follows takes back a start that failed");
    }

    @Test
    void whatComesBackIsBornIntoItsGroupsAndAdopted() {
        Spec spec = Bundles.linux(Bundles.minimal().toBuilder().mounts(List.of(Mount.of("/proc", "proc", "proc"), Mount.of("/data", "bind", "data", "rbind"),
                Mount.of("/run", "tmpfs", "tmpfs"), Mount.of("/run/a", "bind", "/a", "bind"), Mount.of("/sys/fs/cgroup", "cgroup", "cgroup"))).build(), l -> l.cgroupsPath("/web"));
        Plan plan = restore(spec, false);
        assertThat(Bundles.texts(plan, Actor.MONITOR)).containsSubsequence("take the caller's streams, its pipes for user 0", "open the gate \"/run/web/gate\"",
                "clone init in cgroup \"/sys/fs/cgroup/web\"", "wait until init has started its program", "wait until it has ended, and well",
                "take the process that is named at the gate for init", "report that the program runs").noneMatch(text -> text.startsWith("watch"));
        assertThat(Bundles.texts(plan, Actor.INIT)).containsSubsequence("bind \"/bundle/rootfs\" on \"/run/web/criu-root\"", "make a place for \"/proc\"",
                "make a place for \"/data\", which will show \"/bundle/data\"", "make a place for \"/run\"", "inherit the caller's standard streams")
                .noneMatch(text -> text.contains("/run/a") || text.contains("/sys/fs/cgroup\""));
        assertThat(Bundles.texts(plan, Actor.MONITOR_AFTER)).containsExactly("end init if the start failed", "remove cgroup \"/sys/fs/cgroup/web\"");
    }

    @Test
    void inTheForegroundItIsWatched() {
        assertThat(Bundles.texts(restore(Bundles.minimal(), true), Actor.MONITOR)).containsSubsequence("report that the program runs", "watch init");
    }
}
