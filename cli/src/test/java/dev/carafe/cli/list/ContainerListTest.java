package dev.carafe.cli.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.cli.list.ContainerRow.Mounted;
import dev.carafe.cli.list.ContainerRow.Port;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerListTest {
    private static final Instant NOW = Instant.parse("2026-11-21T22:54:15Z");
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String IMAGE_ID = "sha256:" + "ab".repeat(32);
    private static final ContainerRow WEB = ContainerRow.builder(ID).names("web").image("nginx:1.2", IMAGE_ID)
            .command("nginx -g \"daemon off;\" and more").created(NOW.minusSeconds(3700)).state("running", "Up 2 hours").networks(List.of("bridge"))
            .build();
    private static final ContainerRow SECOND = ContainerRow.builder(ID).names("other/link", "second").image("nginx@sha256:" + "cd".repeat(32), IMAGE_ID)
            .command("sh").created(NOW.minus(Duration.ofDays(3))).state("running", "Up 2 hours")
            .ports(List.of(new Port("0.0.0.0", 80, 8080, "tcp"), new Port("::", 80, 8080, "tcp"), new Port("", 443, 0, "tcp"),
                    new Port("", 444, 0, "tcp"), new Port("0.0.0.0", 90, 90, "udp"), new Port("0.0.0.0", 91, 91, "udp")))
            .labels(Map.of("b", "2", "a", "1", "com.x-y_z", "v")).sizes(1234567, 987654321)
            .mounts(List.of(new Mounted("0123456789abcdef0123", "/x", "local"), new Mounted("", "/a/very/long/source/path", "")))
            .networks(List.of("bridge", "front")).build();
    private static final ContainerRow DONE = ContainerRow.builder(ID).names("c3")
            .image("docker.io/library/busybox:latest@sha256:" + "ef".repeat(32), IMAGE_ID).command("x".repeat(20)).created(NOW.minusSeconds(5))
            .state("exited", "Exited (0) 5 minutes ago").sizes(5, 0).build();
    private static final ContainerRow UNTAGGED = ContainerRow.builder(ID).names("c4").image(IMAGE_ID, IMAGE_ID).command("y".repeat(21))
            .created(NOW.minusSeconds(100)).state("created", "Created").build();
    private static final ContainerRow GONE = ContainerRow.builder(ID).names("c5").command("世界".repeat(7)).created(NOW.minusSeconds(50_000))
            .state("dead", "Dead").build();

    @Test
    void theDefaultTableHasSevenColumns() {
        assertThat(print(View.of(""), WEB, SECOND, DONE, UNTAGGED, GONE)).isEqualTo("""
                CONTAINER ID   IMAGE            COMMAND                   CREATED              STATUS                     PORTS                                                                            NAMES
                0123456789ab   nginx:1.2        "nginx -g \\"daemon of…"   About an hour ago    Up 2 hours                                                                                                  web
                0123456789ab   nginx            "sh"                      3 days ago           Up 2 hours                 0.0.0.0:90-91->90-91/udp, 443-444/tcp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp   second
                0123456789ab   busybox:latest   "xxxxxxxxxxxxxxxxxxxx"    5 seconds ago        Exited (0) 5 minutes ago                                                                                    c3
                0123456789ab   abababababab     "yyyyyyyyyyyyyyyyyyy…"    About a minute ago   Created                                                                                                     c4
                0123456789ab   <no image>       "世界世界世界世界世…"     14 hours ago         Dead                                                                                                        c5
                """);
        assertThat(print(View.of("table"), WEB)).isEqualTo(print(View.of(""), WEB));
        assertThat(print(View.of(""))).isEqualTo("CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n");
    }

    @Test
    void sizesAreOneMoreColumn() {
        assertThat(print(View.of("").withExtra(), WEB, DONE)).isEqualTo("""
                CONTAINER ID   IMAGE            COMMAND                   CREATED             STATUS                     PORTS     NAMES     SIZE
                0123456789ab   nginx:1.2        "nginx -g \\"daemon of…"   About an hour ago   Up 2 hours                           web       0B
                0123456789ab   busybox:latest   "xxxxxxxxxxxxxxxxxxxx"    5 seconds ago       Exited (0) 5 minutes ago             c3        5B
                """);
    }

    @Test
    void nothingIsCutWhenTheWholeIsAskedFor() {
        assertThat(print(View.of("{{.ID}} {{.Image}} {{.Command}} {{.Names}} {{.Mounts}}").wholly(), SECOND, UNTAGGED)).isEqualTo(
                ID + " nginx@sha256:" + "cd".repeat(32) + " \"sh\" other/link,second 0123456789abcdef0123,/a/very/long/source/path\n"
                        + ID + " " + IMAGE_ID + " \"" + "y".repeat(21) + "\" c4 \n");
    }

    @Test
    void quietShowsIdsWhateverTheFormat() {
        assertThat(print(View.of("").quietly(), WEB, DONE)).isEqualTo("0123456789ab\n0123456789ab\n");
        assertThat(print(View.of("{{.Names}}").quietly().wholly(), WEB)).isEqualTo(ID + "\n");
    }

    @Test
    void jsonHasOneObjectForEachLine() {
        String expected = """
                {"Command":"\\"sh\\"","CreatedAt":"2026-11-18 22:54:15 +0000 UTC","ID":"0123456789ab","Image":"nginx","Labels":"a=1,b=2,com.x-y_z=v",\
                "LocalVolumes":"1","Mounts":"0123456789abcd…,/a/very/long/s…","Names":"second","Networks":"bridge,front",\
                "Ports":"0.0.0.0:90-91-\\u003e90-91/udp, 443-444/tcp, 0.0.0.0:8080-\\u003e80/tcp, [::]:8080-\\u003e80/tcp",\
                "RunningFor":"3 days ago","Size":"1.23MB (virtual 988MB)","State":"running","Status":"Up 2 hours"}
                """;
        assertThat(print(View.of("json"), SECOND)).isEqualTo(expected);
        assertThat(print(View.of("{{json .}}"), SECOND)).isEqualTo(expected);
        assertThat(print(View.of("json"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', value = {
        "{{.Names}}#web/second/",
        "{{.State}} {{.Status}}#running Up 2 hours/running Up 2 hours/",
        "{{.ID}}\\t{{.Names}}\\n#0123456789ab~web//0123456789ab~second//",
        "{{.Label \"com.x-y_z\"}}.#./v./",
        "table {{.Names}}\\t{{.LocalVolumes}}\\t{{.Networks}}#NAMES     LOCAL VOLUMES   NETWORKS/web       0               bridge/second    1               bridge,front/",
        "table {{.Label \"com.x-y_z\"}}|{{.Label \"a\"}}#x y z|a/|/v|1/",
        "table {{upper .Names}} {{pad .ID 1 1}}#NAMES  CONTAINER ID /WEB  0123456789ab /SECOND  0123456789ab /",
        "tablex{{.Names}}#xNAMES/xweb/xsecond/",
        "pretty#pretty/pretty/",
    })
    void aTemplateIsAppliedToEachRow(String format, String expected) {
        assertThat(print(View.of(format), WEB, SECOND).replace('\n', '/').replace('\t', '~')).isEqualTo(expected);
    }

    @Test
    void anUnknownColumnIsRefusedEvenWithoutRows() {
        for (String format : List.of("{{.Nope}}", "table {{.Nope}}")) {
            assertThatThrownBy(() -> print(View.of(format))).isInstanceOf(Fault.class)
                    .hasMessage("template parsing error: template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type container");
        }
    }

    @ParameterizedTest
    @CsvSource({"'',false", "{{.Size}},true", "json,true", "table {{.Names}},false", "{{json .}},true"})
    void sizesAreMeasuredOnlyForFormatsThatShowThem(String format, boolean expected) {
        assertThat(ContainerList.needsSizes(View.of(format))).isEqualTo(expected);
        assertThat(ContainerList.needsSizes(View.of(format).quietly())).isFalse();
        assertThat(ContainerList.needsSizes(View.of(format).withExtra())).isTrue();
    }

    private static String print(View view, ContainerRow... rows) {
        return ContainerList.print(List.of(rows), view, NOW, ZoneOffset.UTC);
    }
}
