package dev.carafe.cli.list;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ImageListTest {
    private static final Instant NOW = Instant.parse("2026-11-21T22:54:15Z");
    private static final ImageRow NGINX = ImageRow.of("sha256:" + "12".repeat(32), List.of("docker.io/library/nginx:1.2"),
            List.of("docker.io/library/nginx@sha256:" + "cd".repeat(32)), NOW.minus(Duration.ofDays(20)), 123456789);
    private static final ImageRow SEVERAL = ImageRow.of("sha256:" + "34".repeat(32), List.of("docker.io/a/b:1", "docker.io/a/b:2", "reg.io:5000/x:y"),
            List.of(), NOW.minusSeconds(60), 5);
    private static final ImageRow DANGLING = ImageRow.of("sha256:" + "56".repeat(32), List.of(), List.of(), NOW.minus(Duration.ofDays(800)), 1500);
    private static final ImageRow BY_DIGEST = ImageRow.of("sha256:" + "78".repeat(32), List.of(), List.of("q@sha256:" + "99".repeat(32)),
            NOW.minus(Duration.ofDays(20)), 999999);

    @Test
    void theDefaultTableHasALineForEachTag() {
        assertThat(print(View.of(""), NGINX, SEVERAL, DANGLING, BY_DIGEST)).isEqualTo("""
                REPOSITORY      TAG       IMAGE ID       CREATED              SIZE
                nginx           1.2       121212121212   2 weeks ago          123MB
                a/b             1         343434343434   About a minute ago   5B
                a/b             2         343434343434   About a minute ago   5B
                reg.io:5000/x   y         343434343434   About a minute ago   5B
                <none>          <none>    565656565656   2 years ago          1.5kB
                q               <none>    787878787878   2 weeks ago          1MB
                """);
    }

    @Test
    void digestsAreOneMoreColumn() {
        assertThat(print(View.of("").withExtra(), NGINX, SEVERAL, DANGLING, BY_DIGEST)).isEqualTo("""
                REPOSITORY      TAG       DIGEST                                                                    IMAGE ID       CREATED              SIZE
                nginx           1.2       sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd   121212121212   2 weeks ago          123MB
                a/b             1         <none>                                                                    343434343434   About a minute ago   5B
                a/b             2         <none>                                                                    343434343434   About a minute ago   5B
                reg.io:5000/x   y         <none>                                                                    343434343434   About a minute ago   5B
                <none>          <none>    <none>                                                                    565656565656   2 years ago          1.5kB
                q               <none>    sha256:9999999999999999999999999999999999999999999999999999999999999999   787878787878   2 weeks ago          1MB
                """);
        assertThat(print(View.of("table {{.ID}}").withExtra(), NGINX)).isEqualTo("""
                IMAGE ID       DIGEST
                121212121212   sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
                """);
    }

    @Test
    void idsAreShortUnlessTheWholeIsAskedFor() {
        assertThat(print(View.of("").quietly(), NGINX, SEVERAL)).isEqualTo("121212121212\n343434343434\n343434343434\n343434343434\n");
        assertThat(print(View.of("{{.Digest}}").quietly().wholly(), NGINX)).isEqualTo("sha256:" + "12".repeat(32) + "\n");
    }

    @Test
    void everyColumnHasAName() {
        assertThat(print(View.of("{{.ID}} {{.Repository}} {{.Tag}} {{.Digest}} {{.CreatedSince}} {{.CreatedAt}} {{.Size}} {{.VirtualSize}} "
                + "{{.SharedSize}} {{.UniqueSize}} {{.Containers}}"), NGINX)).isEqualTo("121212121212 nginx 1.2 sha256:" + "cd".repeat(32)
                + " 2 weeks ago 2026-11-01 22:54:15 +0000 UTC 123MB 123.5MB N/A N/A N/A\n");
        var measured = new ImageRow(NGINX.id(), NGINX.tags(), NGINX.digests(), NGINX.created(), 3000, OptionalLong.of(1000), OptionalLong.of(2));
        assertThat(print(View.of("{{.SharedSize}} {{.UniqueSize}} {{.Containers}}"), measured)).isEqualTo("1kB 2kB 2\n");
    }

    @Test
    void jsonHasOneObjectForEachTag() {
        assertThat(print(View.of("json"), NGINX)).isEqualTo("""
                {"Containers":"N/A","CreatedAt":"2026-11-01 22:54:15 +0000 UTC","CreatedSince":"2 weeks ago","Digest":"\\u003cnone\\u003e",\
                "ID":"121212121212","Repository":"nginx","SharedSize":"N/A","Size":"123MB","Tag":"1.2","UniqueSize":"N/A","VirtualSize":"123.5MB"}
                """);
    }

    private static String print(View view, ImageRow... rows) {
        return ImageList.print(List.of(rows), view, NOW, ZoneOffset.UTC);
    }
}
