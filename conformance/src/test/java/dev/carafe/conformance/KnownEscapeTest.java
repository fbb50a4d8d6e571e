package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ways out of a container that worked on other engines, each tried on this one through its commands. What takes a race while mounts are made is in AttackTest. */
class KnownEscapeTest extends CommandSuite {
    private static String inside(String container, String line) {
        return carafe.check("exec", container, "sh", "-c", line);
    }

    /** CVE-2019-5736: a process of the container opens the engine's own program through /proc and writes to it as soon as it no longer runs. */
    @Test
    void theEnginesProgramCannotBeOverwrittenThroughProc() throws IOException {
        byte[] before = Files.readAllBytes(Carafe.program());
        String id = carafe.detached("busybox", "sh", "-c", """
                while :; do for p in /proc/[0-9]*; do l=$(readlink $p/exe 2>/dev/null) || continue; case $l in /bin/*) ;; *) {
                    echo "caught $l"; n=0; while [ $n -lt 30 ]; do echo overwritten >/proc/self/fd/3 && echo wrote; n=$((n+1)); done; } 2>/dev/null 3<$p/exe ;; esac; done; done""");
        for (int turn = 0; turn < 8; turn++) {
            carafe.call("exec", id, "/proc/self/exe", "--version");
            carafe.call("exec", id, "/proc/self/exe", "--init", "/bin/true");
            carafe.check("exec", id, "true");
        }
        carafe.call("run", "--rm", "--pid", "container:" + id, "busybox", "/proc/self/exe", "--version");
        assertThat(carafe.check("logs", id)).doesNotContain("wrote");
        assertThat(Files.readAllBytes(Carafe.program())).isEqualTo(before);
    }

    /** CVE-2024-21626: a descriptor of the host that is still open becomes the working directory, by its name or by a link to it. */
    @Test
    void noDescriptorOfTheHostBecomesTheDirectory() {
        Path precious = Tools.write(carafe.work().resolve("precious"), "precious");
        String read = "pwd; cat " + "../".repeat(12) + precious.toString().substring(1) + "; true";
        String id = carafe.detached("busybox", "sleep", "1000");
        inside(id, "for n in 3 4 5 6 7 8 9 10 11 12; do ln -s /proc/self/fd/$n /link$n; done");
        for (int number = 3; number < 12; number++) {
            for (String directory : List.of("/proc/thread-self/fd/" + number + "/.", "/link" + number)) {
                assertThat(carafe.call("exec", "-w", directory, id, "sh", "-c", read).out()).as("exec in " + directory).doesNotContain("precious\n").isNotEqualTo("precious");
            }
            Outcome run = carafe.call("run", "--rm", "-w", "/proc/self/fd/" + number, "busybox", "sh", "-c", read);
            assertThat(run.out()).as("run in %s", number).doesNotContain("precious");
        }
    }

    /** CVE-2016-9962: what a process has open between joining the container and its own program. */
    @Test
    void nobodySeesWhatAProcessHasOpenBeforeItsProgramRuns() {
        nothingIsSeen();
    }

    /** Who may trace all others in a container could take the rights of a process, too, that is not yet what it will be; so there is none. */
    @Test
    void nobodySeesAProcessBeforeItsProgramRunsWhoMayTraceOthers() {
        nothingIsSeen("--cap-add", "SYS_PTRACE");
        nothingIsSeen("--cap-add", "SYS_PTRACE", "--security-opt", "seccomp=unconfined");
        nothingIsSeen("--cap-add", "SYS_PTRACE", "--security-opt", "no-new-privileges");
    }

    /** What a process may do is told by its status, from the first moment that there is one. */
    @Test
    void noProcessHasMoreRightsThanItsProgramWillHave() {
        String id = carafe.detached("--cap-add", "SYS_PTRACE", "busybox", "sh", "-c", """
                while :; do for p in /proc/[0-9]*; do case $(grep CapPrm $p/status 2>/dev/null) in *00000000a80c25fb|'') ;; *) grep -E "CapPrm|Name" $p/status; esac; done; done""");
        for (int turn = 0; turn < 15; turn++) {
            carafe.check("exec", id, "true");
        }
        assertThat(carafe.check("logs", id)).isEmpty();
    }

    private static void nothingIsSeen(String... options) {
        var words = new ArrayList<>(List.of(options));
        words.addAll(List.of("busybox", "sh", "-c", """
                while :; do for p in /proc/[0-9]*; do [ $p = /proc/1 ] || for f in $p/fd/* $p/cwd $p/root; do l=$(readlink $f 2>/dev/null) && case $l in
                    pipe:*|socket:*|/|/dev/null|/proc/*) ;; *) echo "seen $f $l" ;; esac; done; done; done"""));
        String id = carafe.detached(words.toArray(String[]::new));
        for (int turn = 0; turn < 15; turn++) {
            carafe.check("exec", id, "true");
        }
        assertThat(carafe.check("logs", id)).doesNotContain("seen");
    }

    /** A container's own account files name its users; nothing in them may lead out, hang, exhaust, or make an unknown user root. */
    @Test
    void hostileAccountFilesNeitherLeadOutNorHangNorMakeRoot() throws IOException {
        Path secret = Tools.write(carafe.work().resolve("accounts"), "outside:x:4321:4321::/:/bin/sh\n");
        String id = carafe.detached("busybox", "sleep", "1000");
        for (String file : List.of("passwd", "group")) {
            for (String trick : List.of("ln -s " + secret + " FILE", "ln -s " + "../".repeat(12) + secret.toString().substring(1) + " FILE", "ln -s /proc/1/root/etc/FILE2 FILE",
                    "ln -s /proc/self/fd/5 FILE", "ln -s FILE FILE", "mkfifo FILE", "mknod FILE c 1 5", "mkdir FILE", "ln -s /dev/tty FILE",
                    "truncate -s 4294967296 FILE", "yes 'outsider:x:0:0::/:/bin/sh' | head -c 30000000 >FILE")) {
                inside(id, "cd /etc && rm -rf FILE && ".replace("FILE", file) + trick.replace("FILE", "/etc/" + file));
                Outcome outcome = carafe.call("exec", "-u", file.equals("passwd") ? "outside" : "1000:outside", id, "id", "-u");
                assertThat(outcome.status()).as("%s: %s", trick, outcome).isNotZero();
                assertThat(outcome.error()).as(trick).hasLineCount(1);
            }
            inside(id, "rm -rf /etc/" + file);
        }
    }

    @Test
    void anAccountWhoseNumberIsNoneIsRefused() {
        String id = carafe.detached("busybox", "sleep", "1000");
        for (String number : List.of("-1", "4294967295", "4294967296", "99999999999999999999", "", "0x0", "root", "1e3", " 0", "+0")) {
            inside(id, "echo 'evil:x:" + number + ":" + number + "::/:/bin/sh' >/etc/passwd; echo 'evil:x:" + number + ":' >/etc/group");
            for (String user : List.of("evil", "0:evil")) {
                Outcome outcome = carafe.call("exec", "-u", user, id, "id", "-u");
                assertThat(outcome.status()).as("\"%s\" as %s: %s", number, user, outcome).isNotZero();
                assertThat(outcome.error()).hasLineCount(1);
            }
        }
        for (String number : List.of("-1", "4294967295", "4294967296", "1000:-1", "1000:4294967295")) {
            assertThat(carafe.call("exec", "-u", number, id, "id").status()).as(number).isNotZero();
            assertThat(carafe.call("run", "--rm", "-u", number, "busybox", "id").status()).as(number).isNotZero();
        }
    }

    /** CVE-2022-2989 and its like: supplementary groups of whoever calls, or of whoever runs the engine. */
    @Test
    void theCallersGroupsStayOutside() {
        String id = carafe.detached("busybox", "sleep", "1000");
        for (List<String> words : List.of(List.of("run", "--rm", "-u", "1000:1000", "busybox", "id", "-G"), List.of("exec", "-u", "1000:1000", id, "id", "-G"))) {
            ProcessBuilder builder = carafe.builder(words.toArray(String[]::new));
            var all = new ArrayList<>(List.of("setpriv", "--groups", "4242,4243"));
            all.addAll(builder.command());
            assertThat(new Running(builder.command(all)).await().out().trim()).as(words.toString()).isEqualTo("1000");
        }
    }

    /** CVE-2022-24769, CVE-2022-29162: what is inheritable becomes permitted by any file that lists it so. */
    @Test
    void nothingIsInheritable() {
        String id = carafe.detached("--cap-add", "ALL", "busybox", "sleep", "1000");
        assertThat(inside(id, "grep CapInh /proc/self/status /proc/1/status | cut -f2")).isEqualTo("0000000000000000\n0000000000000000\n");
        assertThat(carafe.check("exec", "-u", "1000", id, "grep", "CapInh", "/proc/self/status")).isEqualTo("CapInh:\t0000000000000000\n");
    }

    /** A file of the host that the container owns by way of a volume may become a link between two uses of it. */
    @Test
    void aFileOfTheEngineInTheContainerIsNotALinkForTheNextStart() throws IOException {
        Path outside = Tools.write(carafe.work().resolve("precious"), "precious");
        carafe.check("run", "--name", "linked", "busybox", "sh", "-c", "for f in hosts hostname resolv.conf; do umount /etc/$f 2>/dev/null; rm -f /etc/$f; ln -sf "
                + outside + " /etc/$f 2>/dev/null; done; rm -rf /dev/shm; true");
        carafe.call("start", "-a", "linked");
        assertThat(outside).hasContent("precious");
    }

    /** No rule, no device: neither by its node, nor by one that an image brings, nor in a process that comes later. */
    @Test
    void aDeviceWithoutARuleCannotBeOpened() {
        String id = carafe.detached("busybox", "sleep", "1000");
        String[] lines = Tools.check("sh", "-c", "cat /sys/class/block/*/dev | head -3").split("\n");
        for (String device : Arrays.asList(lines)) {
            Outcome outcome = carafe.call("exec", id, "sh", "-c", "mknod /disk b " + device.replace(':', ' ') + " && head -c 1 /disk; rm /disk");
            assertThat(outcome.error()).as(device).contains("Operation not permitted");
            assertThat(outcome.out()).isEmpty();
        }
    }
}
