package dev.carafe.runtime.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.carafe.base.Fault;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.PidsLimit;
import dev.carafe.oci.runtime.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BusTest {
    private static final String BUS = "org.freedesktop.DBus";

    @Test
    void aMessageIsWrittenAsTheProtocolSays() {
        byte[] bytes = BusMessage.call(1, "a.b", "/c", "d.e", "F", "s", new BusMessage.Writer().text("g").bytes()).bytes();
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("6c010001" + "06000000" + "01000000" + "47000000"
                + "01016f00" + "02000000" + "2f6300" + "0000000000"
                + "02017300" + "03000000" + "642e6500" + "00000000"
                + "03017300" + "01000000" + "4600" + "000000000000"
                + "06017300" + "03000000" + "612e6200" + "00000000"
                + "08016700" + "017300" + "00"
                + "01000000" + "6700");
    }

    @Test
    void whatIsWrittenIsRead() {
        var body = new BusMessage.Writer().number(7).text("/job/7").text("one.scope").text("done").bytes();
        BusMessage read = BusMessage.parse(new BusMessage(BusMessage.SIGNAL, 3, 9, Optional.of("/p"), Optional.of("i.f"), Optional.of("M"), Optional.empty(), Optional.empty(), "uoss", body).bytes());
        assertThat(read.type()).isEqualTo(BusMessage.SIGNAL);
        assertThat(List.of(read.serial(), read.replySerial())).containsExactly(3, 9);
        assertThat(List.of(read.path(), read.interfaceName(), read.member(), read.error())).containsExactly(Optional.of("/p"), Optional.of("i.f"), Optional.of("M"), Optional.empty());
        assertThat(read.texts()).containsExactly("/job/7", "one.scope", "done");
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        byte[] good = BusMessage.call(1, "a.b", "/c", "d.e", "F", "s", new BusMessage.Writer().text("g").bytes()).bytes();
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int k = 0; k < 20_000; k++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(17, good.length + 1));
            for (int n = random.nextInt(1, 5); n > 0; n--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(BusMessage.size(bad)).isBetween(16, BusMessage.MOST_BYTES);
                BusMessage.parse(bad).texts();
            } catch (Fault refused) {
                assertThat(refused.kind()).isEqualTo(Fault.Kind.CORRUPT);
            }
        }
    }

    /** Each property: its name, a variant's type, its value; what follows begins at a multiple of eight. */
    @Test
    void limitsAreSaidInTheWordsOfSystemd() {
        Resources limits = Resources.builder().memory(MemoryLimits.builder().limit(4096).swap(8192).build()).pids(new PidsLimit(Optional.of(0L)))
                .cpu(CpuLimits.builder().shares(1024).quota(12_345).period(100_000).cpus("0,9").build()).build();
        var writer = new BusMessage.Writer();
        ScopeProperties.of(limits, true).write(writer);
        byte[] bytes = writer.bytes();
        assertThat(text(bytes)).contains("MemoryMax", "MemorySwapMax", "CPUWeight", "CPUQuotaPeriodUSec", "CPUQuotaPerSecUSec", "TasksMax", "AllowedCPUs");
        assertThat(after(bytes, "MemoryMax", 8)).isEqualTo(4096);
        assertThat(after(bytes, "MemorySwapMax", 8)).isEqualTo(4096);
        assertThat(after(bytes, "CPUWeight", 8)).isEqualTo(39);
        assertThat(after(bytes, "CPUQuotaPerSecUSec", 8)).as("rounded up to a hundredth").isEqualTo(130_000);
        assertThat(after(bytes, "TasksMax", 8)).as("systemd knows no 0").isEqualTo(1);
        writer = new BusMessage.Writer();
        ScopeProperties.of(limits, false).write(writer);
        assertThat(text(writer.bytes())).contains("MemoryLimit", "CPUShares").doesNotContain("MemoryMax", "CPUWeight", "MemorySwapMax");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static long after(byte[] bytes, String name, int alignment) {
        int at = text(bytes).indexOf("\0" + name + "\0") + name.length() + 2;
        int value = at + 3 + alignment - 1 & -alignment;
        return java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(value);
    }

    @Test
    void aScopeIsNamedBySliceAndPrefixAndName() {
        assertThat(ScopeName.parse("box.slice:test:one", "id", false)).isEqualTo(new ScopeName("box.slice", "test-one.scope"));
        assertThat(ScopeName.parse("::one", "id", false)).isEqualTo(new ScopeName("system.slice", "one.scope"));
        assertThat(ScopeName.parse(":libpod:one", "id", true)).isEqualTo(new ScopeName("user.slice", "libpod-one.scope"));
        assertThat(ScopeName.parse("", "id", false)).isEqualTo(new ScopeName("system.slice", "carafe-id.scope"));
        for (String bad : new String[] {"/a", "a", "a:b", "a:b:c:d", "a:b:c", "-a.slice:b:c", "a-.slice:b:c", "a--b.slice:b:c", ".slice:b:c", "a/b.slice:b:c", "a.slice:b:", "a.slice:b:c/d",
            "a.slice:b/:c", "a.slice:b:c d", "a.slice:b:" + "c".repeat(250)}) {
            assertThatThrownBy(() -> ScopeName.parse(bad, "id", false)).as(bad).isInstanceOf(Fault.class).hasMessageContaining("linux.cgroupsPath");
        }
    }

    /** The bus itself answers calls and sends signals; a service behind it is no different. */
    @Test
    @Timeout(60)
    void callsAndSignalsGoByWayOfARealBus(@TempDir Path directory) throws IOException, InterruptedException {
        Path daemon = Path.of("/usr/bin/dbus-daemon");
        assumeThat(Files.isExecutable(daemon)).as(daemon + " is installed").isTrue();
        Path socket = directory.resolve("bus");
        Path configuration = Files.writeString(directory.resolve("bus.conf"), "<busconfig><listen>unix:path=" + socket + "</listen><auth>EXTERNAL</auth>"
                + "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>");
        Process process = new ProcessBuilder(daemon.toString(), "--config-file=" + configuration, "--nofork", "--print-address").redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var kernel = new NativeKernel();
        try {
            assertThat(process.getInputStream().read()).as("it listens").isPositive();
            long uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            try (Bus bus = Bus.connect(kernel, socket, uid, true); Bus other = Bus.connect(kernel, socket, uid, true)) {
                bus.call(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", "s", new BusMessage.Writer().text("type='signal',member='NameOwnerChanged'").bytes());
                other.call(BUS, "/org/freedesktop/DBus", BUS, "RequestName", "su", new BusMessage.Writer().text("dev.carafe.Test").number(0).bytes());
                assertThat(bus.signal(signal -> signal.member().equals(Optional.of("NameOwnerChanged")) && signal.texts().getFirst().equals("dev.carafe.Test")).texts().get(2)).startsWith(":");
                assertThat(bus.call(BUS, "/org/freedesktop/DBus", BUS, "GetNameOwner", "s", new BusMessage.Writer().text("dev.carafe.Test").bytes()).texts().getFirst()).startsWith(":");
                assertThatThrownBy(() -> bus.call("dev.carafe.Nobody", "/", "a.b", "C", "", new byte[0])).isInstanceOfSatisfying(Fault.class,
                        fault -> assertThat(Bus.name(fault)).contains("org.freedesktop.DBus.Error.ServiceUnknown"));
            }
            assertThatThrownBy(() -> Bus.connect(kernel, socket, uid + 1, true)).isInstanceOf(Fault.class).hasMessageContaining("does not let this user in");
        } finally {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
