package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Containers are saved to files and brought back, by CRIU in the guest, whose kernel it knows. A container counts in its memory: when it is back it goes on from
 * where it was, and does not begin again.
 */
@Timeout(420)
class CheckpointTest {
    private static final Guest GUEST = new Guest();
    private static final String COMMON = """
            R="${C}-runtime --root /run/saved"
            T="--image-path /root/images --work-path /root/work --network-lock nftables"
            cd /root/bundle 2>/dev/null
            count() { cat /root/bundle/rootfs/tmp/count; }
            # waits until the count is beyond that
            beyond() { k=0; until [ "$(count 2>/dev/null || echo 0)" -gt "$1" ]; do sleep 0.2; k=$((k+1)); [ $k -lt 200 ] || return 1; done; }
            field() { $R state counter | sed -n "s/.*\\"$1\\": \\"\\{0,1\\}\\([a-z0-9]*\\).*/\\1/p"; }
            """;

    private static Guest.Part part(String script) {
        return GUEST.part(COMMON + script);
    }

    private static final Guest.Part PREPARED = part("""
            command -v criu >/dev/null || { echo "criu is not installed"; exit 0; }
            mkdir -p /root/bundle/rootfs/bin /root/bundle/rootfs/proc /root/bundle/rootfs/sys /root/bundle/rootfs/dev /root/bundle/rootfs/tmp /root/data && cd /root/bundle
            cp /bin/busybox rootfs/bin && for a in sh sleep cat; do ln -s busybox rootfs/bin/$a; done
            $R spec
            sed -i 's/"terminal": true/"terminal": false/; s/"readonly": true/"readonly": false/' config.json
            sed -i 's#"args": \\[#"args": ["sh","-c","i=0; while :; do i=$((i+1)); echo $i >/tmp/count; sleep 0.2; done"], "was": [#' config.json
            sed -i 's#"mounts": \\[#"mounts": [{"destination":"/data","type":"bind","source":"/root/data","options":["rbind"]},#' config.json
            $R run -d counter >/dev/null 2>&1 && beyond 5 && field status""");

    private static final Guest.Part SAVED = part("""
            $R checkpoint $T --pre-dump --image-path /root/first counter || exit
            field status
            $R checkpoint $T --leave-running --file-locks --image-path /root/second counter || exit
            field status
            $R checkpoint $T --parent-path ../first counter || exit
            ls /root/images | grep -c '^pages-'
            [ -L /root/images/parent ] && echo parent
            $R list -q
            count >/root/last
            find /sys/fs/cgroup -name counter""");

    private static final Guest.Part RESTORED = part("""
            rm -rf /root/bundle/rootfs/data; echo before >/root/data/file
            $R restore -d --pid-file /root/pid $T counter >/dev/null 2>&1 || exit
            beyond $(cat /root/last) && echo goes on
            field status
            [ "$(cat /root/pid)" = "$(field pid)" ] && echo told
            cat /proc/$(cat /root/pid)/cgroup
            $R exec counter cat /data/file
            grep -c ' /root/bundle\\| criu' /proc/mounts
            $R kill counter KILL; k=0; until [ "$(field status)" = stopped ] || [ $k -gt 100 ]; do sleep 0.2; k=$((k+1)); done
            $R delete counter && $R list -q; ls -A /run/saved | grep -v locks
            exit 0""");

    /** In the foreground the caller waits, and has the program's status, here that of a signal. */
    private static final Guest.Part FOREGROUND = part("""
            rm /root/pid
            (until [ -s /root/pid ] && beyond $(cat /root/last); do sleep 0.1; done; $R kill counter TERM; sleep 1; $R kill counter KILL) >/dev/null 2>&1 &
            $R restore --pid-file /root/pid $T counter </dev/null; echo $?
            $R list -q""");

    private static final Guest.Part REFUSED = part("""
            $R restore -d --image-path /root/nowhere counter
            mkdir /root/empty; $R restore -d --image-path /root/empty --work-path /root/work counter
            $R list -q; ls -A /run/saved | grep -v locks; find /sys/fs/cgroup -name counter
            exit 0""");

    private static void isPossible() {
        org.assertj.core.api.Assumptions.assumeThat(PREPARED.out()).as("criu is in the guest").isNotEqualTo("criu is not installed\n");
        assertThat(PREPARED.out()).isEqualTo("running\n");
    }

    @Test
    void aContainerIsSavedWhileItRunsAndOnTopOfAnEarlierSaveAndIsGoneThen() {
        isPossible();
        assertThat(SAVED.out()).matches("running\nrunning\n[1-9]\\d*\nparent\n");
    }

    @Test
    void aContainerGoesOnWhereItWasWithItsGroupsAndMounts() {
        isPossible();
        assertThat(RESTORED.out()).isEqualTo("goes on\nrunning\ntold\n0::/counter\nbefore\n0\n");
    }

    @Test
    void aContainerThatComesBackInTheForegroundHasItsStatusTold() {
        isPossible();
        assertThat(FOREGROUND.out()).isEqualTo("137\n");
    }

    @Test
    void whatCannotComeBackIsToldInOneLineAndLeavesNothing() {
        isPossible();
        assertThat(REFUSED.out()).isEmpty();
        assertThat(REFUSED.outcome().error().lines()).hasSize(2);
        assertThat(REFUSED.outcome().error()).contains("/root/nowhere", "/root/empty/descriptors.json", "no such file or directory (ENOENT)");
    }

    @BeforeAll
    static void boot() {
        GUEST.run();
    }

    /** On this kernel CRIU may work or not; what it lacks is told, and the container runs on. */
    static void isToldWithoutHarm(RuntimeBundle bundle) {
        bundle.runs("sleep", "1000");
        bundle.check("run", "-d", "some");
        Path images = bundle.directory().resolve("images");
        Outcome missing = new Running(bundle.builder("--criu", "/no/such/criu", "checkpoint", "--image-path", images.toString(), "some")).await();
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.error()).contains("checkpoint container \\\"some\\\": criu is not installed; install the package criu, or name its program with --criu")
                .hasLineCount(1);
        Outcome broken = new Running(bundle.builder("--criu", "/bin/false", "checkpoint", "--image-path", images.toString(), "some")).await();
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.error()).contains("criu failed").hasLineCount(1);
        Outcome mode = bundle.call("checkpoint", "--image-path", images.toString(), "--manage-cgroups-mode", "odd", "some");
        assertThat(mode.error()).contains("expected one of ignore, none, props, soft, full, strict");
        assertThat(bundle.call("checkpoint", "--image-path", images.toString(), "--parent-path", "/absolute", "some").error()).contains("--parent-path must be relative");
        assertThat(bundle.call("checkpoint", "--image-path", images.toString(), "none").error()).contains("container does not exist");
        assertThat(bundle.status("some")).isEqualTo("running");
        assertThat(Files.exists(bundle.state().resolve("some/criu"))).isFalse();
        bundle.check("delete", "--force", "some");
    }
}
