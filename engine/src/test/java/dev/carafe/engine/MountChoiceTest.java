package dev.carafe.engine;

import static dev.carafe.engine.SpecifierFixture.AROUND;
import static dev.carafe.engine.SpecifierFixture.HOST;
import static dev.carafe.engine.SpecifierFixture.ID;
import static dev.carafe.engine.SpecifierFixture.options;
import static dev.carafe.engine.SpecifierFixture.specify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.KernelVersion;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Relabel;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.MountOptions.Propagation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountChoiceTest {
    private static List<String> targets(Spec spec) {
        return spec.mounts().stream().map(Mount::destination).toList();
    }

    private static Mount at(Spec spec, String target) {
        return spec.mounts().stream().filter(mount -> mount.destination().equals(target)).findFirst().orElseThrow();
    }

    private static Bind bind(String target, boolean readOnly, Optional<Propagation> propagation, Recursion recursion) {
        return new Bind("/src", target, readOnly, propagation, recursion, Relabel.NONE, false);
    }

    @Test
    void theUsualMountsComeFirstThenShallowTargetsBeforeDeepOnes() {
        Spec spec = specify(options().mounts(List.of(Bind.of("/a", "/x/y/z"), Bind.of("/b", "/x"), new Tmpfs("/x/y", List.of()))));

        assertThat(targets(spec)).containsExactly("/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/dev/shm", "/x", "/x/y",
                "/etc/resolv.conf", "/etc/hostname", "/etc/hosts", "/x/y/z");
        assertThat(at(spec, "/dev/shm").options()).containsExactly("nosuid", "noexec", "nodev", "mode=1777", "size=67108864");
        assertThat(at(spec, "/etc/hosts")).isEqualTo(Mount.of("/etc/hosts", "bind", "/c/hosts", "rbind", "rprivate"));
    }

    @Test
    void aMountOfTheUsersTakesTheUsualOnesPlace() {
        assertThat(targets(specify(options().mounts(List.of(Bind.of("/a", "/dev/shm/")))))).containsOnlyOnce("/dev/shm");
        assertThat(targets(specify(options().mounts(List.of(Bind.of("/dev", "/dev")))))).contains("/dev")
                .doesNotContain("/dev/pts", "/dev/shm", "/dev/mqueue");
        assertThat(at(specify(options().mounts(List.of(Bind.of("/mine", "/etc/hosts")))), "/etc/hosts").source()).contains("/mine");
        assertThatThrownBy(() -> specify(options().mounts(List.of(Bind.of("/a", "/x"), new Tmpfs("/x/", List.of())))))
                .hasMessageContaining("Duplicate mount point: /x");
    }

    @Test
    void thePrivilegedMayWriteToTheKernelsFileSystems() {
        Spec usual = specify(options());
        Spec privileged = specify(options().security(SecurityOptions.builder().privileged(true).build()));

        for (String target : List.of("/sys", "/sys/fs/cgroup")) {
            assertThat(at(usual, target).options()).contains("ro");
            assertThat(at(privileged, target).options()).doesNotContain("ro");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "false | ''      | ENABLED  | rbind rprivate",
        "true  | ''      | ENABLED  | rbind rro rprivate",
        "true  | ''      | WRITABLE | rbind ro rprivate",
        "true  | ''      | DISABLED | bind ro rprivate",
        "true  | RPRIVATE| READONLY | rbind rro rprivate",
        "false | RSHARED | ENABLED  | rbind rshared",
        "false | SLAVE   | DISABLED | bind slave",
    })
    void bindsAreWhatTheUserSays(boolean readOnly, String propagation, Recursion recursion, String words) {
        Optional<Propagation> said = propagation.isEmpty() ? Optional.empty() : Optional.of(Propagation.valueOf(propagation));
        Spec spec = specify(options().mounts(List.of(bind("/x", readOnly, said, recursion))));

        assertThat(at(spec, "/x").options()).containsExactly(words.split(" "));
    }

    @Test
    void anOldKernelMakesOnlyTheBindItselfReadOnly() {
        var old = new HostFacts(new KernelVersion(5, 4), "amd64", 0, -1, HOST.cgroups(), Set.of(), "/opt/carafe");
        var enabled = options().mounts(List.of(bind("/x", true, Optional.empty(), Recursion.ENABLED))).build();
        var forced = options().mounts(List.of(bind("/x", true, Optional.of(Propagation.RPRIVATE), Recursion.READONLY))).build();

        assertThat(at(Specifier.specify(enabled, SpecifierFixture.IMAGE, ID, Account.ROOT, old, AROUND), "/x").options())
                .containsExactly("rbind", "ro", "rprivate");
        assertThatThrownBy(() -> Specifier.specify(forced, SpecifierFixture.IMAGE, ID, Account.ROOT, old, AROUND))
                .hasMessageContaining("bind-recursive=readonly");
    }

    @Test
    void theRootStaysConnectedWhenABindAsksForIt() {
        var slave = bind("/x", false, Optional.of(Propagation.RSLAVE), Recursion.ENABLED);
        var shared = bind("/y", false, Optional.of(Propagation.SHARED), Recursion.ENABLED);

        assertThat(specify(options()).linux().orElseThrow().rootfsPropagation()).isEmpty();
        assertThat(specify(options().mounts(List.of(slave))).linux().orElseThrow().rootfsPropagation()).contains("rslave");
        assertThat(specify(options().mounts(List.of(slave, shared))).linux().orElseThrow().rootfsPropagation()).contains("shared");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                 | noexec nosuid nodev rprivate",
        "size=5m exec       | nosuid nodev rprivate size=5m exec",
        "mode=700 mode=1777 | noexec nosuid nodev rprivate mode=1777",
        "ro dev suid        | noexec rprivate ro dev suid",
        "rshared            | noexec nosuid nodev rshared",
    })
    void ofOptionsForMemoryThatContradictEachOtherTheLastStays(String own, String words) {
        assertThat(MountChoice.tmpfs(own.isEmpty() ? List.of() : List.of(own.split(" ")))).containsExactly(words.split(" "));
    }

    @Test
    void anOptionThatTmpfsDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> MountChoice.tmpfs(List.of("foo"))).hasMessageStartingWith("invalid tmpfs option [\"foo\"]");
    }

    @Test
    void volumesAreBindsOfTheirPlaces() {
        ContainerConfig image = ContainerConfig.builder().cmd(List.of("sh")).volumes(List.of("/data", "/none")).build();
        var volume = new Volume(Optional.of("v"), "/v", true, true, Optional.empty(), Optional.empty(), Map.of(), Map.of(), Relabel.NONE);
        Surroundings around = AROUND.toBuilder().volumes(Map.of("/v", new Surroundings.Volume("v", "/vols/v"),
                "/data", new Surroundings.Volume("anon", "/vols/anon"))).build();
        Spec spec = Specifier.specify(options().mounts(List.of(volume)).build(), image, ID, Account.ROOT, HOST, around);

        assertThat(at(spec, "/v")).isEqualTo(Mount.of("/v", "bind", "/vols/v", "rbind", "ro", "rprivate"));
        assertThat(at(spec, "/data")).isEqualTo(Mount.of("/data", "bind", "/vols/anon", "rbind", "rprivate"));
        assertThat(targets(spec)).doesNotContain("/none");
        assertThatThrownBy(() -> specify(options().mounts(List.of(volume)))).hasMessage("mount volume \"v\": no such volume");
    }

    @Test
    void sharedMemoryFollowsTheIpcNamespace() {
        assertThat(at(specify(options().namespaces(NamespaceOptions.NONE.ipc(new NamespaceMode.Shareable()))), "/dev/shm").type()).contains("tmpfs");
        assertThat(targets(specify(options().namespaces(NamespaceOptions.NONE.ipc(new NamespaceMode.None()))))).doesNotContain("/dev/shm");
        assertThat(at(specify(options().namespaces(NamespaceOptions.NONE.ipc(new NamespaceMode.Host()))), "/dev/shm"))
                .isEqualTo(Mount.of("/dev/shm", "bind", "/dev/shm", "rbind", "rprivate"));
        assertThat(at(specify(options().shmBytes(4096)), "/dev/shm").options()).endsWith("size=4096");
    }

    @Test
    void labelsOfFilesCannotBeChangedWhereThereAreLabels() {
        var selinux = new HostFacts(HOST.kernel(), "amd64", 0, -1, HOST.cgroups(), Set.of("selinux"), "/opt/carafe");
        var options = options().mounts(List.of(new Bind("/a", "/x", false, Optional.empty(), Recursion.ENABLED, Relabel.PRIVATE, true)));

        assertThat(targets(specify(options))).contains("/x");
        assertThatThrownBy(() -> Specifier.specify(options.build(), SpecifierFixture.IMAGE, ID, Account.ROOT, selinux, AROUND))
                .hasMessageContaining("option \"Z\"");
    }
}
