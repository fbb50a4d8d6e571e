package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code system prune} takes away, and what it leaves. */
class SystemPruneTest extends CommandSuite {
    @Test
    void asksAndNamesAllThatItMeans() {
        assertThat(carafe.check("system", "prune", "-a", "--volumes", "--filter", "label=old")).isEqualTo("""
                WARNING! This will remove:
                  - all stopped containers
                  - all networks not used by at least one container
                  - all anonymous volumes not used by at least one container
                  - all images without at least one container associated to them

                  Items to be pruned will be filtered with:
                  - label=old

                Are you sure you want to continue? [y/N]\s""");
        assertThat(carafe.check("system", "prune")).contains("  - all dangling images\n").doesNotContain("volumes");
    }

    @Test
    void whatAStoppedContainerHeldGoesWithItWhileOthersStay() {
        carafe.check("network", "create", "lonely");
        String running = carafe.detached("--name", "runs", "-v", "/data", "busybox", "sleep", "1000");
        carafe.check("volume", "create", "named");
        carafe.check("create", "--network", "lonely", "--name", "ended", "-v", "/data", "-v", "named:/named", "busybox");
        carafe.check("commit", "ended");
        assertThat(carafe.check("system", "prune", "-f", "--filter", "until=1h")).isEqualTo("Total reclaimed space: 0B\n");
        String pruned = carafe.check("system", "prune", "-f", "--volumes");
        assertThat(pruned).startsWith("Deleted Containers:\n").contains("\nDeleted Networks:\nlonely\n\nDeleted Volumes:\n").contains("\nDeleted Images:\ndeleted: sha256:");
        assertThat(carafe.check("ps", "-aq", "--no-trunc").trim()).isEqualTo(running);
        assertThat(carafe.check("volume", "ls", "-q").lines()).hasSize(2).contains("named");
        assertThat(carafe.check("images", "-q")).isNotEmpty();
        assertThat(carafe.check("network", "ls", "--format", "{{.Name}}")).doesNotContain("lonely");
    }

    @Test
    void refusesAFilterThatOneOfTheKindsDoesNotHave() {
        assertThat(carafe.call("system", "prune", "-f", "--volumes", "--filter", "until=1h")).extracting(Outcome::status, Outcome::error)
                .containsExactly(1, "carafe: prune filter \"until\": volumes have no such filter; leave out --volumes, or the filter\n");
    }
}
