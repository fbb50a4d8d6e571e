package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Plan PLAN = new Plan(List.of(
            new Step(Actor.MONITOR, new CgroupOperation.Make("/sys/fs/cgroup/x"), "linux.cgroupsPath", "cgroups(7)"),
            new Step(Actor.MONITOR_AFTER, new CgroupOperation.Remove("/sys/fs/cgroup/x"), "undo", "cgroups(7)"),
            new Step(Actor.INIT, new ProcessOperation.Hostname("web"), "hostname", "runtime-spec config.md#hostname"),
            new Step(Actor.INIT, new NamespaceOperation.AwaitIds(), "ids", "user_namespaces(7)")));

    @Test
    void itPrintsForPeople() {
        assertThat(PLAN.print()).isEqualTo("""
                monitor
                   1  make cgroup "/sys/fs/cgroup/x"
                        why   linux.cgroupsPath [cgroups(7)]
                        shell mkdir -p /sys/fs/cgroup/x
                        undo  remove cgroup "/sys/fs/cgroup/x"
                monitor, after the end
                   2  remove cgroup "/sys/fs/cgroup/x"
                        why   undo [cgroups(7)]
                        shell rmdir /sys/fs/cgroup/x
                init
                   3  set host name "web"
                        why   hostname [runtime-spec config.md#hostname]
                        shell hostname web
                   4  wait for the id maps
                        why   ids [user_namespaces(7)]
                """);
    }

    @Test
    void itPrintsForPrograms() {
        assertThat(PLAN.json().get(0)).hasToString("{\"step\":1,\"actor\":\"monitor\",\"kind\":\"Make\",\"operation\":\"make cgroup \\\"/sys/fs/cgroup/x\\\"\","
                + "\"why\":\"linux.cgroupsPath\",\"source\":\"cgroups(7)\",\"shell\":\"mkdir -p /sys/fs/cgroup/x\",\"undo\":\"remove cgroup \\\"/sys/fs/cgroup/x\\\"\"}");
        JsonObject last = PLAN.json().get(3).getAsJsonObject();
        assertThat(last.keySet()).containsExactly("step", "actor", "kind", "operation", "why", "source");
        assertThat(last.get("actor").getAsString()).isEqualTo("init");
    }

    @Test
    void bothFormsHaveEveryStepOfAnOrdinaryContainer() {
        Plan plan = Bundles.plan(Bundles.full());
        assertThat(plan.json()).hasSize(plan.steps().size());
        for (Step step : plan.steps()) {
            assertThat(plan.print()).contains(step.operation().text());
        }
    }
}
