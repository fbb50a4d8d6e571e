package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.ConsoleSize;
import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.IntelRdt;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.MemoryPolicy;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.NetDevice;
import dev.carafe.oci.runtime.Root;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.TimeOffset;
import dev.carafe.oci.runtime.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** This bundle and these host facts give exactly these operations, in this order. */
class PlannerTest {
    private static Fault refused(Spec spec) {
        return catchThrowableOfType(Fault.class, () -> Bundles.plan(spec));
    }

    private static int index(Plan plan, Class<? extends Operation> kind) {
        for (int k = 0; k < plan.steps().size(); k++) {
            if (kind.isInstance(plan.steps().get(k).operation())) {
                return k;
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " in\n" + plan.print());
    }

    private static int last(Plan plan, Class<? extends Operation> kind) {
        for (int k = plan.steps().size() - 1; k >= 0; k--) {
            if (kind.isInstance(plan.steps().get(k).operation())) {
                return k;
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " in\n" + plan.print());
    }

    private static Spec namespaces(Spec spec, Namespace... namespaces) {
        return Bundles.linux(spec, l -> l.namespaces(List.of(namespaces)));
    }

    @Test
    void theWholePlanOfAnOrdinaryContainer() {
        Plan plan = Bundles.plan(Bundles.full(), new Cgroups(List.of(Bundles.V1.v1().get(2)), Optional.empty()));
        assertThat(Bundles.texts(plan, Actor.MONITOR)).containsExactly(
                "make cgroup \"/sys/fs/cgroup/memory/box/web\"",
                "hold the lock \"/run/carafe/web/monitor\"",
                "append output to \"/var/lib/carafe/web/log\"",
                "listen for sessions on \"/run/carafe/web/attach\"",
                "make pipes for output and error",
                "clone init with new mount, pid, network, ipc, uts namespaces",
                "wait until init has started its program",
                "report that the program runs",
                "watch init");
        assertThat(Bundles.texts(plan, Actor.MONITOR_AFTER)).containsExactly(
                "read \"/sys/fs/cgroup/memory/box/web/memory.oom_control\"",
                "save the exit record in \"/var/lib/carafe/web\"",
                "end init if the start failed",
                "remove cgroup \"/sys/fs/cgroup/memory/box/web\"",
                "remove \"/run/carafe/web/attach\"");
        assertThat(Bundles.texts(plan, Actor.INIT)).containsExactly(
                "die with the monitor",
                "join cgroup \"/sys/fs/cgroup/memory/box/web\"",
                "adjust the out-of-memory score by 100",
                "bring up the loopback interface",
                "start a new session",
                "set umask 00",
                "unshare cgroup namespace",
                "join a new session keyring \"web\"",
                "take hold of \"/srv/data\" and the mounts below it",
                "make mounts below \"/\" rprivate",
                "bind \"/var/lib/root\" as the root",
                "mount proc on \"/proc\" (nosuid)",
                "mount tmpfs on \"/dev\" (mode=755)",
                "mount devpts on \"/dev/pts\" (newinstance)",
                "mount sysfs on \"/sys\" (ro)",
                "show 1 cgroup hierarchies on \"/sys/fs/cgroup\" (ro)",
                "bind \"/srv/data\" on \"/data\" (ro)",
                "make device \"/dev/null\" c 1:3 666",
                "make device \"/dev/zero\" c 1:5 666",
                "make device \"/dev/full\" c 1:7 666",
                "make device \"/dev/random\" c 1:8 666",
                "make device \"/dev/urandom\" c 1:9 666",
                "make device \"/dev/tty\" c 5:0 666",
                "link \"/dev/fd\" to \"/proc/self/fd\"",
                "link \"/dev/stdin\" to \"/proc/self/fd/0\"",
                "link \"/dev/stdout\" to \"/proc/self/fd/1\"",
                "link \"/dev/stderr\" to \"/proc/self/fd/2\"",
                "link \"/dev/ptmx\" to \"pts/ptmx\"",
                "make directory \"/srv\"",
                "make \"/proc/sys\" read-only",
                "mask \"/proc/keys\"",
                "pivot to the container's root and let go of the host's",
                "set host name \"web\"",
                "connect standard output and error to the monitor",
                "drop 39 capabilities from the bounding set",
                "become user 0 and group 0",
                "set umask 022",
                "close all descriptors but the standard streams",
                "change directory to \"/srv\"",
                "allow no new privileges",
                "set capabilities: effective 21, permitted 21, inheritable 0, ambient 0",
                "execute \"nginx\" \"-g\" \"daemon off;\"");
    }

    @Test
    void equalArgumentsGiveEqualPlans() {
        assertThat(Bundles.plan(Bundles.full(), Bundles.V2)).isEqualTo(Bundles.plan(Bundles.full(), Bundles.V2));
    }

    @Test
    void monitorComesFirstThenWhatComesAfterThenInit() {
        List<Actor> actors = Bundles.plan(Bundles.full()).steps().stream().map(Step::actor).distinct().toList();
        assertThat(actors).containsExactly(Actor.MONITOR, Actor.MONITOR_AFTER, Actor.INIT);
    }

    @Test
    void everythingThatIsMadeOnTheHostIsTakenBackAfterwards() {
        for (Cgroups cgroups : List.of(Bundles.V1, Bundles.V2, Bundles.HYBRID)) {
            Plan plan = Bundles.plan(Bundles.full(), cgroups);
            List<Operation> after = Bundles.operations(plan, Actor.MONITOR_AFTER);
            for (Step step : plan.steps()) {
                // Groups above the container's own belong to others as well and stay.
                boolean shared = step.operation() instanceof CgroupOperation.Make make && !make.directory().endsWith("/box/web");
                step.operation().inverse().filter(o -> !shared).ifPresent(undo -> assertThat(after).as(step.operation().text()).contains(undo));
            }
        }
    }

    @Test
    void clearingUpBeginsWithTheEndOfInitSoThatGroupsAreEmpty() {
        Plan plan = Bundles.plan(Bundles.full());
        assertThat(index(plan, MonitorOperation.EndInit.class)).isLessThan(index(plan, CgroupOperation.Remove.class))
                .isGreaterThan(index(plan, MonitorOperation.SaveExit.class));
    }

    @Test
    void nothingOfTheHostIsOpenedAfterThePivot() {
        Plan plan = Bundles.plan(Bundles.full());
        int pivot = index(plan, MountOperation.PivotRoot.class);
        for (Step step : plan.steps().subList(pivot + 1, plan.steps().size())) {
            switch (step.operation()) {
                case MountOperation.ReadonlyRoot o -> assertThat(o).isNotNull();
                case MountOperation.Propagation o -> assertThat(o.destination()).isEqualTo("/");
                case ProcessOperation o -> assertThat(o).isNotInstanceOfAny(ProcessOperation.OomScore.class);
                case IdentityOperation o -> assertThat(o).isNotInstanceOf(IdentityOperation.Label.class);
                case MountOperation o -> throw new AssertionError(o.text());
                case CgroupOperation o -> throw new AssertionError(o.text());
                case NamespaceOperation o -> throw new AssertionError(o.text());
                case NetworkOperation o -> throw new AssertionError(o.text());
                case MonitorOperation o -> throw new AssertionError(o.text());
                case HookOperation o -> throw new AssertionError(o.text());
            }
        }
    }

    @Test
    void tiesWithTheHostAreCutBeforeAnythingIsMounted() {
        Plan plan = Bundles.plan(Bundles.full());
        int cut = index(plan, MountOperation.Propagation.class);
        assertThat(index(plan, MountOperation.TakeSource.class)).isLessThan(cut);
        assertThat(index(plan, MountOperation.BindRoot.class)).isGreaterThan(cut);
    }

    @Test
    void whatAnotherProcessSeesIsTakenFromItsOwnMountNamespace() {
        Spec full = Bundles.full();
        var mounts = new java.util.ArrayList<>(full.mounts());
        mounts.add(Mount.of("/dev/shm", "bind", "/proc/42/root/dev/shm", "rbind", "rprivate"));
        Plan plan = Bundles.plan(full.toBuilder().mounts(mounts).build());
        assertThat(index(plan, MountOperation.TakeForeign.class)).isLessThan(index(plan, MountOperation.Propagation.class));
        assertThat(Bundles.texts(plan, Actor.INIT)).contains("take hold of \"/dev/shm\" as process 42 sees it");
        assertThat(MountOperation.TakeForeign.isForeign("/proc/42/rootfs/x")).isFalse();
        assertThat(MountOperation.TakeForeign.isForeign("/proc/self/root/x")).isFalse();
        assertThat(MountOperation.TakeForeign.isForeign("/srv/proc/42/root/x")).isFalse();
    }

    @Test
    void groupsAreJoinedBeforeTheCgroupNamespace() {
        Plan plan = Bundles.plan(Bundles.full());
        assertThat(last(plan, CgroupOperation.Join.class)).isLessThan(index(plan, NamespaceOperation.Unshare.class));
    }

    @Test
    void descriptorsCloseBeforeTheDirectoryChanges() {
        Plan plan = Bundles.plan(Bundles.full());
        assertThat(index(plan, ProcessOperation.CloseDescriptors.class)).isLessThan(index(plan, ProcessOperation.ChangeDirectory.class));
    }

    @Test
    void idsChangeAfterTheBoundingSetAndBeforeTheDirectory() {
        Plan plan = Bundles.plan(Bundles.full());
        assertThat(index(plan, IdentityOperation.DropBounding.class)).isLessThan(index(plan, IdentityOperation.SetIds.class));
        assertThat(index(plan, IdentityOperation.SetIds.class)).isLessThan(index(plan, ProcessOperation.ChangeDirectory.class));
    }

    @Test
    void theFilterIsLoadedBeforeTheFinalCapabilitiesUnlessNewPrivilegesAreForbidden() {
        Spec spec = Bundles.linux(Bundles.full(), l -> l.seccomp(Seccomp.builder(SeccompAction.SCMP_ACT_ALLOW).build()));
        Plan forbidden = Bundles.plan(spec);
        assertThat(index(forbidden, IdentityOperation.NoNewPrivileges.class)).isLessThan(index(forbidden, IdentityOperation.SetCapabilities.class));
        assertThat(index(forbidden, IdentityOperation.LoadSeccomp.class)).isGreaterThan(index(forbidden, IdentityOperation.SetCapabilities.class));
        Plan allowed = Bundles.plan(Bundles.process(spec, p -> p.noNewPrivileges(false)));
        assertThat(allowed.steps()).noneMatch(s -> s.operation() instanceof IdentityOperation.NoNewPrivileges);
        assertThat(index(allowed, IdentityOperation.LoadSeccomp.class)).isLessThan(index(allowed, IdentityOperation.SetCapabilities.class));
        for (Plan plan : List.of(forbidden, allowed)) {
            assertThat(plan.steps().getLast().operation()).isInstanceOf(ProcessOperation.Execute.class);
        }
    }

    @Test
    void aTerminalTakesThePlaceOfThePipes() {
        Plan plan = Bundles.plan(Bundles.process(Bundles.full(), p -> p.terminal(true).consoleSize(new ConsoleSize(24, 80)).user(User.of(5, 6))));
        assertThat(Bundles.texts(plan, Actor.MONITOR)).containsSubsequence("make a socket for the terminal", "receive the terminal",
                "wait until init has started its program");
        assertThat(Bundles.operations(plan, Actor.INIT)).contains(new ProcessOperation.Terminal(24, 80, true, 5, true)).noneMatch(o -> o instanceof ProcessOperation.Pipes);
        assertThat(index(plan, ProcessOperation.Terminal.class)).isGreaterThan(index(plan, MountOperation.PivotRoot.class));
    }

    @Test
    void aUserNamespaceIsMappedByTheMonitorWhileInitWaits() {
        var map = List.of(new IdMapping(0, 100000, 65536));
        Spec spec = Bundles.linux(Bundles.full(), l -> l.uidMappings(map).gidMappings(map).namespaces(List.of(Namespace.of(Namespace.Type.USER), Namespace.of(Namespace.Type.MOUNT))));
        Plan plan = Bundles.plan(Bundles.process(spec, p -> p.user(User.of(5, 6))).toBuilder().hostname(Optional.empty()).build(), Bundles.V1);
        assertThat(Bundles.operations(plan, Actor.MONITOR)).containsSubsequence(new MonitorOperation.OpenStreams(false, false, 100005),
                new NamespaceOperation.CloneInit(List.of(Namespace.Type.USER, Namespace.Type.MOUNT), Optional.empty()), new NamespaceOperation.MapIds(map, map));
        int wait = index(plan, NamespaceOperation.AwaitIds.class);
        assertThat(last(plan, CgroupOperation.Join.class)).isLessThan(wait);
        assertThat(index(plan, ProcessOperation.OomScore.class)).isLessThan(wait);
        assertThat(index(plan, MountOperation.BindRoot.class)).isGreaterThan(wait);
    }

    @Test
    void aUserNamespaceWithoutMapsIsRefused() {
        assertThat(refused(Bundles.linux(Bundles.minimal(), l -> l.namespaces(List.of(Namespace.of(Namespace.Type.USER), Namespace.of(Namespace.Type.MOUNT))))))
                .hasMessageContaining("linux.uidMappings").hasMessageContaining("user-namespace-mappings");
    }

    @Test
    void namespacesWithAPathAreJoined() {
        Plan plan = Bundles.plan(namespaces(Bundles.minimal(), Namespace.of(Namespace.Type.MOUNT), Namespace.join(Namespace.Type.PID, "/proc/7/ns/pid"),
                Namespace.join(Namespace.Type.NETWORK, "/run/netns/x"), Namespace.join(Namespace.Type.IPC, "/proc/7/ns/ipc"),
                Namespace.join(Namespace.Type.UTS, "/proc/7/ns/uts"), Namespace.join(Namespace.Type.TIME, "/proc/7/ns/time")));
        assertThat(Bundles.texts(plan, Actor.MONITOR)).containsSubsequence("join pid namespace \"/proc/7/ns/pid\"", "join time namespace \"/proc/7/ns/time\"",
                "clone init with new mount namespace in cgroup \"/sys/fs/cgroup/unified/box/web\"");
        assertThat(Bundles.texts(plan, Actor.INIT)).containsSubsequence("join network namespace \"/run/netns/x\"", "join ipc namespace \"/proc/7/ns/ipc\"",
                "join uts namespace \"/proc/7/ns/uts\"", "start a new session");
    }

    @Test
    void inAMountNamespaceOfOthersNothingIsMountedOrMoved() {
        Plan plan = Bundles.plan(namespaces(Bundles.full(), Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.NETWORK), Namespace.of(Namespace.Type.IPC),
                Namespace.join(Namespace.Type.MOUNT, "/proc/self/ns/mnt")));
        assertThat(plan.steps().stream().map(Step::operation).filter(MountOperation.class::isInstance)).singleElement().isInstanceOf(MountOperation.ChangeRoot.class);
        assertThat(index(plan, MountOperation.ChangeRoot.class)).isEqualTo(index(plan, NamespaceOperation.Join.class) + 1);
        Plan none = Bundles.plan(namespaces(Bundles.full(), Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.NETWORK), Namespace.of(Namespace.Type.IPC)));
        assertThat(none.steps().stream().map(Step::operation).filter(MountOperation.class::isInstance)).singleElement().isInstanceOf(MountOperation.ChangeRoot.class);
    }

    @Test
    void anUnbindableRootIsMadeSoAtTheEnd() {
        Plan plan = Bundles.plan(Bundles.linux(Bundles.minimal(), l -> l.rootfsPropagation("unbindable")));
        assertThat(Bundles.texts(plan, Actor.INIT)).containsSubsequence("pivot to the container's root and let go of the host's", "make mounts below \"/\" unbindable");
    }

    @Test
    void clocksAreOffsetBeforeTheClone() {
        Plan plan = Bundles.plan(Bundles.linux(Bundles.minimal(), l -> l.timeOffsets(Map.of("monotonic", new TimeOffset(Optional.of(5L), Optional.of(6L))))
                .namespaces(List.of(Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.TIME)))));
        assertThat(Bundles.texts(plan, Actor.MONITOR)).containsSubsequence("unshare time namespace", "offset clock monotonic by 5 s 6 ns",
                "clone init with new mount namespace in cgroup \"/sys/fs/cgroup/unified/box/web\"");
    }

    @ParameterizedTest
    @EnumSource(Namespace.Type.class)
    void aNamespaceThatIsListedTwiceIsRefused(Namespace.Type type) {
        Fault fault = refused(namespaces(Bundles.minimal(), Namespace.of(type), Namespace.of(type)));
        assertThat(fault.kind()).isEqualTo(Fault.Kind.INVALID);
        assertThat(fault).hasMessageContaining("namespace " + type + " is listed twice");
    }

    @Test
    void aContainerNeedsAProcessWithACommand() {
        assertThat(refused(Bundles.minimal().toBuilder().process(Optional.empty()).build())).hasMessageContaining("config.json has no process");
        assertThat(refused(Bundles.process(Bundles.minimal(), p -> p.args(List.of())))).hasMessageContaining("process.args");
        assertThat(refused(Bundles.process(Bundles.minimal(), p -> p.args(List.of(""))))).hasMessageContaining("process.args");
    }

    @Test
    void namesNeedTheirNamespace() {
        assertThat(refused(Bundles.minimal().toBuilder().hostname("x").build())).hasMessageContaining("config.json hostname");
        assertThat(refused(Bundles.minimal().toBuilder().domainname("x").build())).hasMessageContaining("config.json domainname");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel.panic", "vm.swappiness", "fs.file-max", "kernel.core_pattern", "net..core", "net/../kernel/panic", "kernel.shm_next_id", "debug.x"})
    void aParameterOfTheWholeMachineIsRefused(String key) {
        Fault fault = refused(Bundles.linux(Bundles.full(), l -> l.sysctl(Map.of(key, "1"))));
        assertThat(fault.kind()).isEqualTo(Fault.Kind.INVALID);
        assertThat(fault).hasMessageContaining("\"" + key + "\"").hasMessageContaining("whole machine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"net.ipv4.ip_forward", "net/ipv4/ip_forward", "kernel.shmmax", "kernel.sem", "fs.mqueue.msg_max", "kernel.domainname"})
    void aParameterOfANamespaceNeedsThatNamespace(String key) {
        Plan plan = Bundles.plan(Bundles.linux(Bundles.full(), l -> l.sysctl(Map.of(key, "1"))));
        assertThat(Bundles.operations(plan, Actor.INIT)).contains(new MountOperation.Sysctl(key.replace('/', '.'), "1"));
        assertThat(refused(Bundles.linux(Bundles.minimal(), l -> l.sysctl(Map.of(key, "1"))))).hasMessageContaining("the container shares the host's");
    }

    @Test
    void aNameIsGivenInOnePlace() {
        assertThat(refused(Bundles.linux(Bundles.full(), l -> l.sysctl(Map.of("kernel.hostname", "box"))))).hasMessage("config.json linux.sysctl[\"kernel.hostname\"]:"
                + " it conflicts with hostname, which names the container (runtime-spec config.md#hostname)");
        Spec named = Bundles.full().toBuilder().domainname("here.test").build();
        assertThat(refused(Bundles.linux(named, l -> l.sysctl(Map.of("kernel/domainname", "there.test"))))).hasMessageContaining("it conflicts with domainname");
        assertThat(Bundles.plan(Bundles.linux(named, l -> l.sysctl(Map.of("kernel.domainname", "here.test")))).steps()).isNotEmpty();
    }

    @Test
    void aReadonlyRootIsMadeSoAfterThePivot() {
        Plan plan = Bundles.plan(Bundles.full().toBuilder().root(new Root("rootfs", true)).build());
        assertThat(index(plan, MountOperation.ReadonlyRoot.class)).isEqualTo(index(plan, MountOperation.PivotRoot.class) + 1);
        assertThat(Bundles.plan(Bundles.full()).steps()).noneMatch(s -> s.operation() instanceof MountOperation.ReadonlyRoot);
    }

    @Test
    void anOverlayBecomesTheRoot() {
        var launch = new Launch("web", new Launch.Root.Overlay(List.of("/l/2", "/l/1"), Optional.of("/u"), Optional.of("/w"), List.of("volatile"), "/m"), "/run/x",
                "/var/x", Optional.empty(), true, true, Optional.empty());
        Plan plan = Planner.start(Bundles.minimal(), launch, Bundles.host(Bundles.V2));
        assertThat(Bundles.operations(plan, Actor.INIT)).contains(
                new MountOperation.OverlayRoot(List.of("/l/2", "/l/1"), Optional.of("/u"), Optional.of("/w"), List.of("volatile"), "/m"));
        assertThat(Bundles.texts(plan, Actor.MONITOR)).contains("make pipes for input, output and error").noneMatch(t -> t.startsWith("append output"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable"})
    void theRootsPropagationIsThatOfTheBundle(String word) {
        Plan plan = Bundles.plan(Bundles.linux(Bundles.minimal(), l -> l.rootfsPropagation(word)));
        List<Operation> set = Bundles.operations(plan, Actor.INIT).stream().filter(o -> o instanceof MountOperation.Propagation).toList();
        assertThat(set.getFirst()).isEqualTo(new MountOperation.Propagation("/", word.contains("private") || word.contains("unbindable")
                ? MountOptions.Propagation.RPRIVATE : MountOptions.Propagation.RSLAVE));
        assertThat(set).hasSize(word.contains("shared") || word.contains("unbindable") ? 2 : 1);
    }

    @Test
    void anUnknownPropagationIsRefused() {
        assertThat(refused(Bundles.linux(Bundles.minimal(), l -> l.rootfsPropagation("public")))).hasMessageContaining("\"public\"");
    }

    @Test
    void relativeDestinationsAreMeantFromTheRootAndRelativeSourcesFromTheBundle() {
        Plan plan = Bundles.plan(Bundles.minimal().toBuilder().mounts(List.of(Mount.of("data/./x/..//y/", "tmpfs", "tmpfs"), Mount.of("/../b", "bind", "c/d", "bind"))).build());
        assertThat(Bundles.texts(plan, Actor.INIT)).contains("mount tmpfs on \"/data/y\"", "bind \"/var/lib/carafe/web/c/d\" on \"/b\"");
    }

    @Test
    void theMapOfABindIsItsOwnOrThatOfTheContainersUsers() {
        var map = List.of(new IdMapping(0, 5, 1));
        Mount own = Mount.builder("/a").type("bind").source("/b").options(List.of("rbind", "ridmap")).uidMappings(map).gidMappings(map).build();
        assertThat(Bundles.texts(Bundles.plan(Bundles.minimal().toBuilder().mounts(List.of(own)).build()), Actor.MONITOR))
                .containsSubsequence("take hold of \"/b\" and the mounts below it, with users 0 5 1 and groups 0 5 1",
                        "clone init with new mount, pid namespaces in cgroup \"/sys/fs/cgroup/unified/box/web\"");
        Spec among = namespaces(Bundles.minimal().toBuilder().mounts(List.of(Mount.of("/a", "bind", "/b", "bind", "idmap"))).build(), Namespace.of(Namespace.Type.MOUNT),
                Namespace.join(Namespace.Type.USER, "/users"));
        assertThat(Bundles.texts(Bundles.plan(among), Actor.MONITOR)).contains("take hold of \"/b\", with users of \"/users\"",
                "clone init in user namespace \"/users\" with new mount namespace in cgroup \"/sys/fs/cgroup/unified/box/web\"");
        assertThat(Bundles.texts(Bundles.plan(among), Actor.INIT)).contains("become root of its user namespace").doesNotContain("wait for the id maps");
    }

    @Test
    void mountsGetTheirLabelWhereTheSecurityModuleIs() {
        Spec spec = Bundles.linux(Bundles.minimal().toBuilder().mounts(List.of(Mount.of("/proc", "proc", "proc"), Mount.of("/dev", "tmpfs", "tmpfs", "mode=755"))).build(),
                l -> l.mountLabel("u:r:t:s0:c1,c2"));
        HostFacts host = Bundles.host(Bundles.V1);
        var labelling = new HostFacts(host.kernel(), host.architecture(), 0, host.capabilities(), host.cgroups(), Set.of("selinux"), host.sealedProgram());
        assertThat(Bundles.texts(Planner.start(spec, Bundles.launch(), labelling), Actor.INIT)).contains("mount proc on \"/proc\"",
                "mount tmpfs on \"/dev\" (mode=755,context=u:r:t:s0:c1,c2)");
        assertThat(Bundles.texts(Bundles.plan(spec), Actor.INIT)).contains("mount tmpfs on \"/dev\" (mode=755)");
        assertThat(Planner.warnings(spec.process().orElseThrow(), spec.linux().orElseThrow(), host)).containsExactly(
                "config.json linux.mountLabel: selinux is not active on this host, left out (runtime-spec config-linux.md#mount-label)");
    }

    @Test
    void deviceNodesAreMadeInTheContainersOwnDevOnly() {
        Spec hosts = Bundles.minimal().toBuilder().mounts(List.of(Mount.of("/dev", "bind", "/dev", "rbind"))).build();
        assertThat(Bundles.plan(hosts).steps()).noneMatch(s -> s.operation() instanceof MountOperation.MakeDevice);
        assertThat(Bundles.plan(Bundles.minimal()).steps()).noneMatch(s -> s.operation() instanceof MountOperation.MakeDevice);
    }

    @Test
    void aDeviceOfTheBundleTakesThePlaceOfADefaultOne() {
        var device = Device.builder(Device.Type.CHARACTER, "/dev/null").major(1).minor(3).fileMode(0600).uid(7).gid(8).build();
        List<Operation> made = Bundles.operations(Bundles.plan(Bundles.linux(Bundles.full(), l -> l.devices(List.of(device)))), Actor.INIT).stream()
                .filter(o -> o instanceof MountOperation.MakeDevice d && d.destination().equals("/dev/null")).toList();
        assertThat(made).containsExactly(new MountOperation.MakeDevice("/dev/null", 'c', 1, 3, 0600, 7, 8));
    }

    @Test
    void amongAllDevicesOfAHostItsMultiplexerOfTerminalsIsLeftOut() {
        var multiplexer = Device.builder(Device.Type.CHARACTER, "/dev/ptmx").major(5).minor(2).build();
        var other = Device.builder(Device.Type.CHARACTER, "/dev//kmsg").major(1).minor(11).build();
        Plan plan = Bundles.plan(Bundles.linux(Bundles.full(), l -> l.devices(List.of(multiplexer, other))));
        assertThat(Bundles.texts(plan, Actor.INIT)).contains("link \"/dev/ptmx\" to \"pts/ptmx\"").noneMatch(text -> text.contains("c 5:2"))
                .anyMatch(text -> text.startsWith("make device \"/dev/kmsg\" c 1:11"));
    }

    @Test
    void anAmbientCapabilityMustBeInheritable() {
        Spec spec = Bundles.process(Bundles.minimal(), p -> p.capabilities(new Capabilities(List.of("CAP_KILL"), List.of("CAP_KILL"), List.of(), List.of("CAP_KILL"),
                List.of("CAP_KILL"))));
        assertThat(Planner.warnings(spec.process().orElseThrow(), spec.linux().orElseThrow(), Bundles.host(Bundles.NONE))).containsExactly("config.json"
                + " process.capabilities.ambient[0]: can't raise ambient capability CAP_KILL: it is not both permitted and inheritable, left out (capabilities(7))");
    }

    @Test
    void capabilitiesBeyondThePerformersOwnAreNotAskedFor() {
        var caps = List.of("CAP_SYS_ADMIN", "CAP_CHOWN");
        Spec spec = Bundles.process(Bundles.minimal(), p -> p.capabilities(new Capabilities(caps, caps, caps, caps, caps)));
        HostFacts weak = new HostFacts(Bundles.host(Bundles.V2).kernel(), "amd64", 0, Capability.CHOWN.bit() | Capability.KILL.bit(), Bundles.V2, Set.of(), "/carafe");
        List<Operation> init = Bundles.operations(Planner.start(spec, Bundles.launch(), weak), Actor.INIT);
        assertThat(init).contains(new IdentityOperation.DropBounding(List.of(Capability.KILL)), new IdentityOperation.SetCapabilities(1, 1, 1, 1));
    }

    @Test
    void onlyWhatIsPermittedAndInheritableIsAmbient() {
        Spec spec = Bundles.process(Bundles.minimal(), p -> p.noNewPrivileges(true).capabilities(new Capabilities(List.of("CAP_CHOWN", "CAP_KILL"), List.of("CAP_CHOWN", "CAP_KILL"),
                List.of("CAP_CHOWN"), List.of("CAP_CHOWN"), List.of("CAP_CHOWN", "CAP_KILL"))));
        assertThat(Bundles.operations(Bundles.plan(spec), Actor.INIT)).contains(new IdentityOperation.SetCapabilities(1, 1, 1, 1));
    }

    @Test
    void rootHasBeforeItsProgramStartsWhatTheStartWouldGiveIt() {
        var caps = new Capabilities(List.of("CAP_CHOWN", "CAP_KILL"), List.of("CAP_CHOWN"), List.of(), List.of("CAP_CHOWN"), List.of());
        Spec spec = Bundles.process(Bundles.minimal(), p -> p.capabilities(caps));
        assertThat(Bundles.operations(Bundles.plan(spec), Actor.INIT)).contains(new IdentityOperation.SetCapabilities(1, 0x21, 0, 0));
        assertThat(Bundles.operations(Bundles.plan(Bundles.process(spec, p -> p.user(User.of(5, 5)))), Actor.INIT))
                .contains(new IdentityOperation.SetCapabilities(1, 1, 0, 0));
    }

    @Test
    void aCapabilityThatNobodyKnowsOrThatIsNotThereIsLeftOutAndTold() {
        var caps = new Capabilities(List.of("CAP_KILL", "CAP_NO_SUCH"), List.of("CAP_KILL"), List.of(), List.of("CAP_KILL", "CAP_SYS_TIME"), List.of());
        Spec spec = Bundles.process(Bundles.minimal(), p -> p.capabilities(caps));
        HostFacts all = Bundles.host(Bundles.NONE);
        var host = new HostFacts(all.kernel(), all.architecture(), 0, Capability.KILL.bit(), all.cgroups(), Set.of(), all.sealedProgram());
        assertThat(Planner.warnings(spec.process().orElseThrow(), spec.linux().orElseThrow(), host)).containsExactly(
                "config.json process.capabilities.bounding[1]: unknown capability \"CAP_NO_SUCH\", left out (runtime-spec config.md#linux-process)",
                "config.json process.capabilities.permitted[1]: the runtime does not have CAP_SYS_TIME itself, left out (runtime-spec config.md#linux-process)");
        assertThat(Bundles.operations(Planner.start(Bundles.linux(spec, l -> l.cgroupsPath(Optional.empty())), Bundles.launch(), host), Actor.INIT))
                .contains(new IdentityOperation.SetCapabilities(Capability.KILL.bit(), Capability.KILL.bit(), 0, 0));
        assertThat(Planner.warnings(Bundles.full().process().orElseThrow(), Bundles.full().linux().orElseThrow(), all)).isEmpty();
    }

    @Test
    void aLabelNeedsItsSecurityModule() {
        Spec spec = Bundles.process(Bundles.minimal(), p -> p.apparmorProfile("docker-default"));
        assertThat(refused(spec)).hasMessageContaining("process.apparmorProfile \"docker-default\": apparmor is not active on this host");
        HostFacts plain = Bundles.host(Bundles.V2);
        HostFacts with = new HostFacts(plain.kernel(), "amd64", 0, Capability.ALL, Bundles.V2, Set.of("apparmor"), "/carafe");
        Plan plan = Planner.start(spec, Bundles.launch(), with);
        assertThat(index(plan, IdentityOperation.Label.class)).isLessThan(index(plan, MountOperation.PivotRoot.class));
    }

    @Test
    void aProgramIsSoughtAlongItsOwnPath() {
        List<String> candidates = ((ProcessOperation.Execute) Bundles.plan(Bundles.process(Bundles.minimal(),
                p -> p.args(List.of("nginx")).env(List.of("PATH=/opt/bin::/bin")))).steps().getLast().operation()).candidates();
        assertThat(candidates).containsExactly("/opt/bin/nginx", "./nginx", "/bin/nginx");
        assertThat(((ProcessOperation.Execute) Bundles.plan(Bundles.process(Bundles.minimal(), p -> p.args(List.of("./nginx")))).steps().getLast().operation())
                .candidates()).containsExactly("./nginx");
        assertThat(((ProcessOperation.Execute) Bundles.plan(Bundles.process(Bundles.minimal(), p -> p.args(List.of("nginx")))).steps().getLast().operation())
                .candidates()).hasSize(6).startsWith("/usr/local/sbin/nginx");
    }

    @Test
    void theControlGroupsAreShownAsTheHostHasThem() {
        Spec spec = Bundles.full();
        assertThat(Bundles.operations(Bundles.plan(spec, Bundles.V2), Actor.INIT))
                .contains(new MountOperation.Filesystem("cgroup2", "cgroup2", "/sys/fs/cgroup", MountOptions.parse(List.of("ro"))));
        Spec shared = Bundles.linux(spec, l -> l.namespaces(spec.linux().orElseThrow().namespaces().stream().filter(n -> n.type() != Namespace.Type.CGROUP).toList()));
        assertThat(Bundles.operations(Bundles.plan(shared, Bundles.V2), Actor.INIT))
                .contains(new MountOperation.Bind("/sys/fs/cgroup/box/web", "/sys/fs/cgroup", MountOptions.parse(List.of("ro"))));
        var tree = (MountOperation.CgroupTree) Bundles.operations(Bundles.plan(spec, Bundles.HYBRID), Actor.INIT).stream()
                .filter(o -> o instanceof MountOperation.CgroupTree).findFirst().orElseThrow();
        assertThat(tree.hierarchies()).contains(new MountOperation.CgroupTree.Hierarchy("cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct/box/web"),
                new MountOperation.CgroupTree.Hierarchy("unified", "/sys/fs/cgroup/unified/box/web")).hasSize(8);
        assertThat(tree.aliases()).containsExactly(new MountOperation.CgroupTree.Alias("cpu", "cpu,cpuacct"), new MountOperation.CgroupTree.Alias("cpuacct", "cpu,cpuacct"));
    }

    @Test
    void withoutANamespaceOnlyTheRootIsChanged() {
        Plan plan = Bundles.plan(Bundles.minimal().toBuilder().linux(Linux.builder().build()).build());
        assertThat(Bundles.texts(plan, Actor.INIT)).anyMatch(text -> text.startsWith("change root to ")).noneMatch(text -> text.startsWith("mount ") || text.startsWith("pivot"));
    }

    @Test
    void networkDevicesMoveOnceThereIsAnInit() {
        HostFacts plain = Bundles.host(Bundles.NONE);
        var host = new HostFacts(plain.kernel(), plain.architecture(), 0, plain.capabilities(), plain.cgroups(), Set.of(), plain.sealedProgram(), Optional.empty(),
                Map.of("eth1", List.of("192.0.2.1/24")));
        Spec spec = Bundles.linux(Bundles.full(), l -> l.cgroupsPath(Optional.empty()).netDevices(Map.of("eth1", new NetDevice(Optional.of("net0")))));
        assertThat(Bundles.texts(Planner.start(spec, Bundles.launch(), host), Actor.MONITOR)).containsSubsequence("clone init with new mount, pid, network, ipc, uts namespaces",
                "move network device \"eth1\" into the container as \"net0\" with 192.0.2.1/24", "wait until init has started its program");
        assertThat(refused(Bundles.linux(Bundles.minimal(), l -> l.netDevices(Map.of("eth1", new NetDevice(Optional.empty())))))).hasMessageContaining("linux.netDevices");
    }

    @Test
    void aClassOfServiceIsADirectoryThatTheContainerJoins() {
        HostFacts plain = Bundles.host(Bundles.NONE);
        var host = new HostFacts(plain.kernel(), plain.architecture(), 0, plain.capabilities(), plain.cgroups(), Set.of(), plain.sealedProgram(), Optional.of("/sys/fs/resctrl"), Map.of());
        Spec own = Bundles.linux(Bundles.full(), l -> l.cgroupsPath(Optional.empty()).intelRdt(new IntelRdt(Optional.empty(), List.of("L2:0=f"), Optional.of("L3:0=7f0"),
                Optional.of("MB:0=20"), true)));
        Plan plan = Planner.start(own, Bundles.launch(), host);
        assertThat(Bundles.texts(plan, Actor.MONITOR)).startsWith("make cgroup \"/sys/fs/resctrl/web\"", "write \"L3:0=7f0\nMB:0=20\nL2:0=f\n\" to \"/sys/fs/resctrl/web/schemata\"",
                "make cgroup \"/sys/fs/resctrl/web/mon_groups/web\"");
        assertThat(Bundles.texts(plan, Actor.INIT)).contains("join cgroup \"/sys/fs/resctrl/web\"", "join cgroup \"/sys/fs/resctrl/web/mon_groups/web\"");
        assertThat(Bundles.texts(plan, Actor.MONITOR_AFTER)).contains("remove cgroup \"/sys/fs/resctrl/web/mon_groups/web\"", "remove cgroup \"/sys/fs/resctrl/web\"");
        Spec shared = Bundles.linux(Bundles.full(), l -> l.cgroupsPath(Optional.empty()).intelRdt(new IntelRdt(Optional.of("gold"), List.of(), Optional.empty(), Optional.empty(), false)));
        Plan joined = Planner.start(shared, Bundles.launch(), host);
        assertThat(joined.steps()).noneMatch(s -> s.operation().text().contains("make cgroup") || s.operation().text().contains("remove cgroup"));
        assertThat(Bundles.texts(joined, Actor.INIT)).contains("join cgroup \"/sys/fs/resctrl/gold\"");
        assertThat(refused(own)).hasMessageStartingWith("config.json linux.intelRdt: no resctrl file system is mounted on this host (runtime-spec config-linux.md#intelrdt)");
    }

    @Test
    void memoryIsTakenFromTheNodesOfThePolicy() {
        Spec spec = Bundles.linux(Bundles.minimal(), l -> l.memoryPolicy(new MemoryPolicy(MemoryPolicy.Mode.MPOL_INTERLEAVE, Optional.of("0,2-3"),
                List.of(MemoryPolicy.Flag.MPOL_F_STATIC_NODES))));
        assertThat(Bundles.operations(Bundles.plan(spec), Actor.INIT)).contains(new ProcessOperation.MemoryPolicy("MPOL_INTERLEAVE of nodes 0,2-3", 3 | 1 << 15, List.of(13L)));
    }

    @Test
    void everyStepHasItsReasonAndSource() {
        var plans = new ArrayList<Plan>();
        for (Cgroups cgroups : List.of(Bundles.V1, Bundles.V2, Bundles.HYBRID)) {
            plans.add(Bundles.plan(Bundles.full(), cgroups));
        }
        for (Plan plan : plans) {
            assertThat(plan.steps()).allSatisfy(step -> {
                assertThat(step.why()).isNotBlank();
                assertThat(step.source()).isNotBlank();
                assertThat(step.operation().text()).isNotBlank().doesNotEndWith(".").doesNotContain("\n");
            });
        }
    }
}
