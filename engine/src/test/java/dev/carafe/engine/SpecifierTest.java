package dev.carafe.engine;

import static dev.carafe.engine.SpecifierFixture.AROUND;
import static dev.carafe.engine.SpecifierFixture.HOST;
import static dev.carafe.engine.SpecifierFixture.ID;
import static dev.carafe.engine.SpecifierFixture.IMAGE;
import static dev.carafe.engine.SpecifierFixture.options;
import static dev.carafe.engine.SpecifierFixture.specify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Planner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecifierTest {
    private static Process process(ProcessOptions.Builder process) {
        return specify(options().process(process.build())).process().orElseThrow();
    }

    private static Linux linux(ContainerOptions.Builder options) {
        return specify(options).linux().orElseThrow();
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // image entrypoint | image cmd | user's entrypoint, - for none | user's command | arguments
        "''   | sh  | -   | ''    | sh",
        "''   | sh  | -   | a b   | a b",
        "e x  | c   | -   | ''    | e x c",
        "e x  | c   | -   | a     | e x a",
        "e    | c   | u   | ''    | u",
        "e    | c   | u   | a b   | u a b",
        "e    | c   | ''  | a     | a",
        "e    | ''  | -   | ''    | e",
    })
    void theCommandIsTheUsersThenTheImages(String entrypoint, String cmd, String own, String command, String arguments) {
        ContainerConfig image = ContainerConfig.builder().entrypoint(words(entrypoint)).cmd(words(cmd)).build();
        var process = ProcessOptions.builder().command(words(command));
        if (!own.equals("-")) {
            process.entrypoint(words(own));
        }

        assertThat(CommandLine.of(process.build(), image).arguments()).isEqualTo(words(arguments));
    }

    @Test
    void nothingToRunIsRefusedAsDockerRefusesIt() {
        assertThatThrownBy(() -> process(ProcessOptions.builder().entrypoint(List.of()))).isInstanceOf(Fault.class)
                .hasMessageContaining("no command specified");
    }

    @Test
    void theEnvironmentIsInDockersOrderAndLaterWordsWin() {
        Process process = specify(options().streams(StreamOptions.NONE.tty(true)).process(ProcessOptions.builder()
                .environment(List.of("A=1", "TERM=dumb", "B=2", "A=3", "PWD")).build())).process().orElseThrow();

        assertThat(process.env()).containsExactly("PATH=/bin", "HOSTNAME=0123456789ab", "TERM=dumb", "A=3", "B=2", "HOME=/");
    }

    @Test
    void homeIsTheAccountsUnlessItIsSaid() {
        var ada = new Account(1000, 100, List.of(100L), "/home/ada");
        var said = options().process(ProcessOptions.builder().environment(List.of("HOME=/tmp")).build()).build();
        var blank = options().process(ProcessOptions.builder().environment(List.of("HOME=", "PATH")).build()).build();

        assertThat(Specifier.specify(options().build(), IMAGE, ID, ada, HOST, AROUND).process().orElseThrow().env()).endsWith("HOME=/home/ada");
        assertThat(Specifier.specify(said, IMAGE, ID, ada, HOST, AROUND).process().orElseThrow().env())
                .containsExactly("PATH=/bin", "HOSTNAME=0123456789ab", "HOME=/tmp");
        assertThat(Specifier.specify(blank, IMAGE, ID, ada, HOST, AROUND).process().orElseThrow().env())
                .containsExactly("HOSTNAME=0123456789ab", "HOME=/home/ada");
    }

    @Test
    void aBareNameTakesTheImagesVariableAway() {
        assertThat(process(ProcessOptions.builder().environment(List.of("PATH"))).env())
                .containsExactly("HOSTNAME=0123456789ab", "HOME=/");
    }

    @Test
    void rootHasTheCapabilitiesAndAnotherUserOnlyTheirBound() {
        var root = process(ProcessOptions.builder()).capabilities().orElseThrow();
        var ada = Specifier.specify(options().build(), IMAGE, ID, new Account(1000, 0, List.of(0L), "/"), HOST, AROUND).process()
                .orElseThrow().capabilities().orElseThrow();

        assertThat(root.bounding()).hasSize(14).isEqualTo(root.effective()).isEqualTo(root.permitted());
        assertThat(root.inheritable()).isEmpty();
        assertThat(ada.bounding()).isEqualTo(root.bounding());
        assertThat(ada.effective()).isEmpty();
        assertThat(ada.permitted()).isEmpty();
    }

    @Test
    void theInitStandsBeforeTheCommandOnlyWhereTheContainerHasItsOwnProcesses() {
        var init = ProcessOptions.builder().init(true).command(List.of("sleep", "1")).build();
        Spec own = specify(options().process(init));
        Spec shared = specify(options().process(init).namespaces(NamespaceOptions.NONE.pid(new NamespaceMode.Host())));

        assertThat(own.process().orElseThrow().args()).containsExactly("/sbin/carafe-init", "--init", "sleep", "1");
        assertThat(own.mounts()).anySatisfy(mount -> {
            assertThat(mount.destination()).isEqualTo("/sbin/carafe-init");
            assertThat(mount.source()).contains("/opt/carafe");
            assertThat(mount.options()).containsExactly("bind", "ro");
        });
        assertThat(shared.process().orElseThrow().args()).containsExactly("sleep", "1");
        assertThat(shared.mounts()).noneMatch(mount -> mount.destination().equals("/sbin/carafe-init"));
    }

    @Test
    void theDirectoryMustBeAbsolute() {
        assertThat(process(ProcessOptions.builder().workingDirectory("/w")).cwd()).isEqualTo("/w");
        assertThatThrownBy(() -> process(ProcessOptions.builder().workingDirectory("rel")))
                .hasMessageContaining("the working directory 'rel' is invalid, it needs to be an absolute path");
    }

    @Test
    void everyNamespaceIsNewUnlessSaidOtherwise() {
        assertThat(linux(options()).namespaces()).containsExactly(Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.NETWORK),
                Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.PID), Namespace.of(Namespace.Type.IPC),
                Namespace.of(Namespace.Type.CGROUP));
    }

    @Test
    void namespacesAreSharedOrJoined() {
        var host = new NamespaceMode.Host();
        var other = new NamespaceMode.Container("web");
        Surroundings around = AROUND.toBuilder().joined(Map.of("web", 42)).sharedName("webhost").sharedMemory("/run/web/shm").build();
        Spec spec = specify(options().namespaces(new NamespaceOptions(other, other, host, host, host))
                .network(NetworkOptions.NONE.mode(other)), around);

        assertThat(spec.linux().orElseThrow().namespaces()).containsExactly(Namespace.of(Namespace.Type.MOUNT),
                Namespace.join(Namespace.Type.NETWORK, "/proc/42/ns/net"), Namespace.join(Namespace.Type.PID, "/proc/42/ns/pid"),
                Namespace.join(Namespace.Type.IPC, "/proc/42/ns/ipc"));
        assertThat(spec.linux().orElseThrow().sysctl()).isEmpty();
        assertThat(spec.hostname()).isEmpty();
        assertThat(spec.process().orElseThrow().env()).contains("HOSTNAME=webhost");
        assertThat(spec.mounts()).anySatisfy(mount -> assertThat(mount.source()).contains("/run/web/shm"));
    }

    @Test
    void aContainerThatDoesNotRunCannotBeJoined() {
        assertThatThrownBy(() -> specify(options().network(NetworkOptions.NONE.mode(new NamespaceMode.Container("web")))))
                .hasMessage("join the network namespace of container \"web\": the container is not running");
    }

    @Test
    void theHostnameIsTheIdsTheUsersOrWhoseNetworkItIs() {
        assertThat(specify(options()).hostname()).contains("0123456789ab");
        assertThat(specify(options().network(NetworkOptions.NONE.hostname("me").domainname("dom")))).satisfies(spec -> {
            assertThat(spec.hostname()).contains("me");
            assertThat(spec.domainname()).contains("dom");
        });
        assertThat(specify(options().network(NetworkOptions.NONE.mode(new NamespaceMode.Host()))).hostname()).contains("vm");
        assertThatThrownBy(() -> specify(options().namespaces(NamespaceOptions.NONE.uts(new NamespaceMode.Host()))
                .network(NetworkOptions.NONE.hostname("me")))).hasMessage("conflicting options: hostname and the UTS mode");
    }

    @Test
    void anyUserMayPingAndOpenPortsInANetworkOfTheContainersOwn() {
        assertThat(linux(options().security(SecurityOptions.builder().sysctls(Map.of("net.ipv4.ip_unprivileged_port_start", "5")).build()))
                .sysctl()).containsExactlyInAnyOrderEntriesOf(Map.of("net.ipv4.ip_unprivileged_port_start", "5",
                "net.ipv4.ping_group_range", "0 2147483647"));
        assertThat(linux(options().network(NetworkOptions.NONE.mode(new NamespaceMode.Host()))).sysctl()).isEmpty();
    }

    @Test
    void theGroupIsBelowItsParent() {
        assertThat(linux(options()).cgroupsPath()).contains("/carafe/" + ID);
        assertThat(linux(options().cgroupParent("my/own")).cgroupsPath()).contains("/my/own/" + ID);
        assertThat(linux(options().cgroupParent("/")).cgroupsPath()).contains("/" + ID);
    }

    @ParameterizedTest
    @CsvSource({"usual,true", "unconfined,false", "privileged,false"})
    void systemCallsAreFilteredUnlessSaidOtherwise(String how, boolean filtered) {
        var security = SecurityOptions.builder();
        if (how.equals("unconfined")) {
            security.seccomp(new SecurityOptions.SeccompChoice.Unconfined());
        }
        security.privileged(how.equals("privileged"));

        assertThat(linux(options().security(security.build())).seccomp().isPresent()).isEqualTo(filtered);
    }

    @Test
    void aProfileOfTheUsersOwnIsReadEvenForThePrivileged() {
        var security = SecurityOptions.builder().privileged(true)
                .seccomp(new SecurityOptions.SeccompChoice.Profile("{\"defaultAction\": \"SCMP_ACT_LOG\"}")).build();

        assertThat(linux(options().security(security)).seccomp().orElseThrow().defaultAction()).hasToString("SCMP_ACT_LOG");
    }

    @Test
    void portsArePublishedFromNetworksOfTheContainersOwn() {
        for (NamespaceMode mode : List.of(new NamespaceMode.Host(), new NamespaceMode.None(), new NamespaceMode.At("/run/netns/blue"))) {
            assertThatThrownBy(() -> specify(options().network(NetworkOptions.NONE.mode(mode).publish(List.of("80:80"))))).hasMessageContaining("conflicting options")
                    .hasMessageContaining(mode.word());
        }
        assertThat(specify(options().network(NetworkOptions.NONE.mode(new NamespaceMode.Named("blue")).publish(List.of("80:80")))).linux()).isPresent();
    }

    @Test
    void whatCannotBeDoneHereIsRefusedByItsName() {
        var user = options().namespaces(NamespaceOptions.NONE.user(new NamespaceMode.Private()));
        var label = options().security(SecurityOptions.builder().selinux(List.of("type:spc_t")).build());

        assertThatThrownBy(() -> specify(user)).hasMessageContaining("--userns private");
        assertThatThrownBy(() -> specify(label)).hasMessageContaining("--security-opt label=type:spc_t");
        for (var options : List.of(user, label)) {
            assertThatThrownBy(() -> specify(options)).isInstanceOfSatisfying(Fault.class,
                    fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.UNSUPPORTED));
        }
    }

    @Test
    void theBundleCanBeWrittenReadAndPlanned() {
        Spec spec = specify(options().readOnly(true).annotations(Map.of("k", "v")));
        var launch = new Launch(ID.hex(), new Launch.Root.Directory("/rootfs"), "/run/x", "/state/x", Optional.empty(), false, false,
                Optional.empty());

        assertThat(Spec.parse(spec.json().toString())).isEqualTo(spec);
        assertThat(spec.root().orElseThrow().readonly()).isTrue();
        assertThat(spec.annotations()).containsEntry("k", "v");
        assertThat(Planner.start(spec, launch, HOST).toString()).contains("/proc/interrupts");
    }

    @Test
    void theEnginesScoreIsTakenBackWhereItCanBe() {
        var weak = new HostFacts(HOST.kernel(), "amd64", 1000, 0, HOST.cgroups(), Set.of(), "/opt/carafe");

        assertThat(process(ProcessOptions.builder()).oomScoreAdj()).contains(0);
        assertThat(Specifier.specify(options().build(), IMAGE, ID, Account.ROOT, weak, AROUND).process().orElseThrow().oomScoreAdj()).isEmpty();
    }

    @Test
    void aContainerWithEverythingCanBePlannedToo() {
        Spec spec = specify(options().mounts(List.of(ContainerMount.Bind.of("/tmp", "/data"), new ContainerMount.Tmpfs("/x", List.of("size=5m"))))
                .process(ProcessOptions.builder().init(true).command(List.of("sleep", "1")).build()).streams(StreamOptions.NONE.tty(true))
                .limits(LimitOptions.builder().memory(20 << 20).cpuNanos(500_000_000).pids(9).build())
                .security(SecurityOptions.builder().noNewPrivileges(true).capabilities(List.of("NET_ADMIN"), List.of("KILL")).build()));
        var launch = new Launch(ID.hex(), new Launch.Root.Directory("/rootfs"), "/run/x", "/state/x", Optional.empty(), false, false,
                Optional.empty());

        assertThat(Planner.start(spec, launch, HOST).toString()).contains("/sbin/carafe-init", "/data", "/x", "memory.max", "pids.max", "cpu.max");
    }

    @Test
    void aFurtherProcessHasTheContainersEnvironmentAndItsOwnUsersHome() {
        ContainerOptions options = options().streams(StreamOptions.NONE.tty(true))
                .process(ProcessOptions.builder().environment(List.of("A=1", "B=2")).user("1000").build()).build();
        Spec container = Specifier.specify(options, IMAGE, ID, new Account(1000, 0, List.of(0L), "/home/ada"), HOST, AROUND);
        Process further = Specifier.exec(ExecOptions.of(List.of("id")).environment(List.of("A=9", "B", "C=3")), options, IMAGE, container,
                new Account(0, 0, List.of(0L), "/root"), HOST);

        assertThat(further.env()).containsExactly("PATH=/bin", "HOSTNAME=0123456789ab", "A=9", "C=3", "HOME=/root");
        assertThat(further.args()).containsExactly("id");
        assertThat(further.terminal()).isFalse();
        assertThat(further.capabilities().orElseThrow().effective()).hasSize(14);
    }

    @Test
    void aFurtherProcessMayBePrivilegedAndElsewhere() {
        Spec container = specify(options());
        var exec = ExecOptions.of(List.of("id")).privileged(true).workingDirectory("/w").streams(StreamOptions.NONE.tty(true));
        Process further = Specifier.exec(exec, options().build(), IMAGE, container, Account.ROOT, HOST);

        assertThat(further.capabilities().orElseThrow().bounding()).hasSize(41);
        assertThat(further.cwd()).isEqualTo("/w");
        assertThat(further.env()).contains("TERM=xterm");
        assertThatThrownBy(() -> Specifier.exec(exec.workingDirectory("w"), options().build(), IMAGE, container, Account.ROOT, HOST))
                .isInstanceOf(Fault.class);
        assertThatThrownBy(() -> Specifier.exec(ExecOptions.of(List.of()), options().build(), IMAGE, container, Account.ROOT, HOST))
                .hasMessageContaining("no exec command specified");
    }
}
