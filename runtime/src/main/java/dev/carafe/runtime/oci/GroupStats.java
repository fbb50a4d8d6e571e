package dev.carafe.runtime.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the groups of a container count, as {@code events} tells it: the document that runc prints and shims read. Times are nanoseconds, sizes
 * bytes. Read from version 1 files, version 2 files, or both, controller by controller; what the host does not count is left out or 0.
 */
final class GroupStats {
    private static final long NANOS_PER_MICRO = 1000;
    /** cpuacct.stat counts in units of USER_HZ, which is 100 on every architecture that runs this. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private final ControlGroups groups;

    GroupStats(ControlGroups groups) {
        this.groups = groups;
    }

    JsonObject document() {
        var data = new JsonObject();
        data.add("cpu", cpu());
        data.add("cpuset", cpuset());
        data.add("memory", memory());
        data.add("pids", pids());
        data.add("blkio", blkio());
        data.add("hugetlb", hugetlb());
        data.add("intel_rdt", new JsonObject());
        data.add("network_interfaces", com.google.gson.JsonNull.INSTANCE);
        return data;
    }

    private Path file(String controller, String name) {
        return groups.directory(controller).orElse(Path.of("/nonexistent")).resolve(name);
    }

    /** The number in a file; {@code max}, and what is not there, is 0. */
    private long number(String controller, String name) {
        return number(ControlGroups.value(file(controller, name)).orElse("0"));
    }

    private static long number(String text) {
        try {
            return text.equals("max") ? -1 : Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Lines of a name and a number. */
    private Map<String, Long> table(String controller, String name) {
        var table = new LinkedHashMap<String, Long>();
        for (String line : ControlGroups.lines(file(controller, name))) {
            int space = line.indexOf(' ');
            if (space > 0) {
                table.put(line.substring(0, space), number(line.substring(space + 1).strip()));
            }
        }
        return table;
    }

    private static void some(JsonObject object, String name, long value) {
        if (value != 0) {
            object.addProperty(name, new java.math.BigInteger(Long.toUnsignedString(value)));
        }
    }

    private JsonObject cpu() {
        var usage = new JsonObject();
        long total;
        long kernel;
        long user;
        if (groups.isV1("cpuacct")) {
            total = number("cpuacct", "cpuacct.usage");
            Map<String, Long> split = table("cpuacct", "cpuacct.stat");
            user = split.getOrDefault("user", 0L) * NANOS_PER_TICK;
            kernel = split.getOrDefault("system", 0L) * NANOS_PER_TICK;
            some(usage, "total", total);
            var each = new JsonArray();
            for (String value : ControlGroups.value(file("cpuacct", "cpuacct.usage_percpu")).orElse("").split(" ")) {
                if (!value.isEmpty()) {
                    each.add(number(value));
                }
            }
            if (!each.isEmpty()) {
                usage.add("percpu", each);
            }
        } else {
            Map<String, Long> stat = new LinkedHashMap<>();
            groups.unified().ifPresent(d -> {
                for (String line : ControlGroups.lines(d.resolve("cpu.stat"))) {
                    int space = line.indexOf(' ');
                    stat.put(line.substring(0, space), number(line.substring(space + 1)));
                }
            });
            total = stat.getOrDefault("usage_usec", 0L) * NANOS_PER_MICRO;
            user = stat.getOrDefault("user_usec", 0L) * NANOS_PER_MICRO;
            kernel = stat.getOrDefault("system_usec", 0L) * NANOS_PER_MICRO;
            some(usage, "total", total);
        }
        usage.addProperty("kernel", kernel);
        usage.addProperty("user", user);
        var throttling = new JsonObject();
        Map<String, Long> stat = table("cpu", "cpu.stat");
        some(throttling, "periods", stat.getOrDefault("nr_periods", 0L));
        some(throttling, "throttledPeriods", stat.getOrDefault("nr_throttled", 0L));
        some(throttling, "throttledTime", groups.isV1("cpu") ? stat.getOrDefault("throttled_time", 0L)
                : stat.getOrDefault("throttled_usec", 0L) * NANOS_PER_MICRO);
        var cpu = new JsonObject();
        cpu.add("usage", usage);
        cpu.add("throttling", throttling);
        return cpu;
    }

    private JsonObject cpuset() {
        var object = new JsonObject();
        for (String[] list : new String[][] {{"cpus", "cpuset.cpus"}, {"mems", "cpuset.mems"}}) {
            JsonArray numbers = range(ControlGroups.value(file("cpuset", list[1])).orElse(""));
            if (!numbers.isEmpty()) {
                object.add(list[0], numbers);
            }
        }
        for (String[] flag : new String[][] {{"cpu_exclusive", "cpu_exclusive"}, {"mem_hardwall", "mem_hardwall"}, {"mem_exclusive", "mem_exclusive"},
                {"memory_migrate", "memory_migrate"}, {"memory_spread_page", "memory_spread_page"}, {"memory_spread_slab", "memory_spread_slab"},
                {"memory_pressure", "memory_pressure"}, {"sched_load_balance", "sched_load_balance"}}) {
            object.addProperty(flag[0], number("cpuset", "cpuset." + flag[1]));
        }
        object.addProperty("sched_relax_domain_level", groups.isV1("cpuset")
                ? Long.parseLong(ControlGroups.value(file("cpuset", "cpuset.sched_relax_domain_level")).orElse("0")) : 0L);
        return object;
    }

    /** "0-2,5" as numbers. */
    private static JsonArray range(String list) {
        var numbers = new JsonArray();
        for (String part : list.split(",")) {
            if (!part.isEmpty()) {
                int dash = part.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
                for (int n = first; n <= last; n++) {
                    numbers.add(n);
                }
            }
        }
        return numbers;
    }

    private JsonObject memory() {
        var memory = new JsonObject();
        boolean v1 = groups.isV1("memory");
        Map<String, Long> raw = table("memory", "memory.stat");
        some(memory, "cache", raw.getOrDefault(v1 ? "cache" : "file", 0L));
        if (v1) {
            memory.add("usage", entry("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.max_usage_in_bytes", "memory.failcnt"));
            memory.add("swap", entry("memory.memsw.limit_in_bytes", "memory.memsw.usage_in_bytes", "memory.memsw.max_usage_in_bytes", "memory.memsw.failcnt"));
            memory.add("kernel", entry("memory.kmem.limit_in_bytes", "memory.kmem.usage_in_bytes", "memory.kmem.max_usage_in_bytes", "memory.kmem.failcnt"));
            memory.add("kernelTCP", entry("memory.kmem.tcp.limit_in_bytes", "memory.kmem.tcp.usage_in_bytes", "memory.kmem.tcp.max_usage_in_bytes",
                    "memory.kmem.tcp.failcnt"));
        } else {
            memory.add("usage", entry("memory.max", "memory.current", "memory.peak", ""));
            memory.add("swap", entry("memory.swap.max", "memory.swap.current", "memory.swap.peak", ""));
            memory.add("kernel", entry("", "", "", ""));
            memory.add("kernelTCP", entry("", "", "", ""));
        }
        if (!raw.isEmpty()) {
            var all = new JsonObject();
            raw.forEach(all::addProperty);
            memory.add("raw", all);
        }
        return memory;
    }

    private JsonObject entry(String limit, String usage, String max, String failures) {
        var entry = new JsonObject();
        entry.addProperty("limit", limit.isEmpty() ? java.math.BigInteger.ZERO : new java.math.BigInteger(Long.toUnsignedString(number("memory", limit))));
        some(entry, "usage", usage.isEmpty() ? 0 : number("memory", usage));
        some(entry, "max", max.isEmpty() ? 0 : number("memory", max));
        entry.addProperty("failcnt", failures.isEmpty() ? 0 : number("memory", failures));
        return entry;
    }

    private JsonObject pids() {
        var pids = new JsonObject();
        some(pids, "current", number("pids", "pids.current"));
        String limit = ControlGroups.value(file("pids", "pids.max")).orElse("max");
        some(pids, "limit", limit.equals("max") ? 0 : number(limit));
        return pids;
    }

    private JsonObject blkio() {
        var blkio = new JsonObject();
        if (groups.isV1("blkio")) {
            entries(blkio, "ioServiceBytesRecursive", "blkio.throttle.io_service_bytes_recursive");
            entries(blkio, "ioServicedRecursive", "blkio.throttle.io_serviced_recursive");
        } else {
            var bytes = new JsonArray();
            var operations = new JsonArray();
            for (String line : ControlGroups.lines(file("io", "io.stat"))) {
                String[] words = line.split(" ");
                for (String word : words) {
                    int equals = word.indexOf('=');
                    String op = equals < 0 ? "" : word.substring(0, equals);
                    if (op.equals("rbytes") || op.equals("wbytes")) {
                        bytes.add(operation(words[0], op.equals("rbytes") ? "Read" : "Write", number(word.substring(equals + 1))));
                    } else if (op.equals("rios") || op.equals("wios")) {
                        operations.add(operation(words[0], op.equals("rios") ? "Read" : "Write", number(word.substring(equals + 1))));
                    }
                }
            }
            if (!bytes.isEmpty()) {
                blkio.add("ioServiceBytesRecursive", bytes);
                blkio.add("ioServicedRecursive", operations);
            }
        }
        return blkio;
    }

    private void entries(JsonObject blkio, String name, String file) {
        var list = new JsonArray();
        for (String line : ControlGroups.lines(file("blkio", file))) {
            String[] words = line.split(" ");
            if (words.length == 3) {
                list.add(operation(words[0], words[1], number(words[2])));
            }
        }
        if (!list.isEmpty()) {
            blkio.add(name, list);
        }
    }

    private static JsonObject operation(String device, String op, long value) {
        int colon = device.indexOf(':');
        var object = new JsonObject();
        some(object, "major", number(device.substring(0, colon)));
        some(object, "minor", number(device.substring(colon + 1)));
        object.addProperty("op", op);
        some(object, "value", value);
        return object;
    }

    private JsonObject hugetlb() {
        var sizes = new JsonObject();
        Optional<Path> directory = groups.directory("hugetlb");
        if (directory.isEmpty()) {
            return sizes;
        }
        String usage = groups.isV1("hugetlb") ? ".usage_in_bytes" : ".current";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.get(), "hugetlb.*" + usage)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String size = name.substring("hugetlb.".length(), name.length() - usage.length());
                if (size.indexOf('.') >= 0) {
                    continue; // the same with reservations
                }
                var one = new JsonObject();
                some(one, "usage", number(ControlGroups.value(file).orElse("0")));
                some(one, "max", number("hugetlb", "hugetlb." + size + ".max_usage_in_bytes"));
                one.addProperty("failcnt", groups.isV1("hugetlb") ? number("hugetlb", "hugetlb." + size + ".failcnt")
                        : table("hugetlb", "hugetlb." + size + ".events").getOrDefault("max", 0L));
                sizes.add(size, one);
            }
        } catch (IOException gone) {
            return sizes;
        }
        return sizes;
    }

    /** How often the kernel killed a process of the container for lack of memory. */
    long outOfMemoryKills() {
        return table("memory", groups.isV1("memory") ? "memory.oom_control" : "memory.events").getOrDefault("oom_kill", 0L);
    }
}
