package dev.carafe.engine;

import dev.carafe.runtime.ControlGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a running container has used so far, and what it holds now: the counters from which docker's stats computes.
 *
 * @param cpuNanos processor time of all its processes
 * @param systemNanos processor time of the whole machine, idle time included
 * @param processors that are online
 * @param memory bytes that it holds, without pages of files that were not used for long
 * @param memoryLimit the most bytes, at most the machine's
 * @param received bytes by its own network interfaces; 0 where it has none of its own
 * @param sent likewise
 * @param read bytes from block devices
 * @param written likewise
 * @param tasks processes and threads
 */
public record ResourceUsage(long cpuNanos, long systemNanos, int processors, long memory, long memoryLimit, long received, long sent, long read,
        long written, long tasks) {
    /** Of one that does not run. */
    public static final ResourceUsage NONE = new ResourceUsage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final long TICK_NANOS = 10_000_000;

    static ResourceUsage of(ControlGroup group, int pid, boolean ownNetwork) {
        String stat = text(Path.of("/proc/stat"));
        long[] network = ownNetwork ? network(text(Path.of("/proc/" + pid + "/net/dev"))) : new long[2];
        long[] blocks = blocks(group);
        return new ResourceUsage(processorTime(group), machineTime(stat), (int) stat.lines().filter(line -> line.matches("cpu[0-9].*")).count(), memory(group),
                memoryLimit(group), network[0], network[1], blocks[0], blocks[1], group.read("pids", "pids.current").map(ResourceUsage::number).orElse(0L));
    }

    /** The share of the machine between two moments, in percent of one processor: docker's formula. */
    public double cpuPercent(ResourceUsage before) {
        double own = cpuNanos - before.cpuNanos;
        double all = systemNanos - before.systemNanos;
        return own > 0 && all > 0 ? own / all * processors * 100 : 0;
    }

    public double memoryPercent() {
        return memoryLimit == 0 ? 0 : 100.0 * memory / memoryLimit;
    }

    private static long processorTime(ControlGroup group) {
        if (group.isV1("cpuacct")) {
            return group.read("cpuacct", "cpuacct.usage").map(ResourceUsage::number).orElse(0L);
        }
        return group.read("cpu", "cpu.stat").map(text -> field(text, "usage_usec") * 1000).orElse(0L);
    }

    /** The first seven numbers of the line of all processors, in ticks (proc_stat(5)). */
    private static long machineTime(String stat) {
        String[] words = stat.lines().findFirst().orElse("").trim().split("\\s+");
        long ticks = 0;
        for (int k = 1; k < Math.min(words.length, 8); k++) {
            ticks += Long.parseLong(words[k]);
        }
        return ticks * TICK_NANOS;
    }

    private static long memory(ControlGroup group) {
        boolean v1 = group.isV1("memory");
        long used = group.read("memory", v1 ? "memory.usage_in_bytes" : "memory.current").map(ResourceUsage::number).orElse(0L);
        long idle = group.read("memory", "memory.stat").map(text -> field(text, v1 ? "total_inactive_file" : "inactive_file")).orElse(0L);
        return idle < used ? used - idle : used;
    }

    private static long memoryLimit(ControlGroup group) {
        long machine = text(Path.of("/proc/meminfo")).lines().filter(line -> line.startsWith("MemTotal:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024).orElse(0L);
        String limit = group.read("memory", group.isV1("memory") ? "memory.limit_in_bytes" : "memory.max").orElse("max").trim();
        return limit.equals("max") ? machine : Math.min(machine, number(limit));
    }

    /** Bytes received and sent by all interfaces but the loopback (proc_pid_net(5)). */
    private static long[] network(String table) {
        long[] sums = new long[2];
        for (String line : table.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.substring(0, colon).trim().equals("lo")) {
                String[] numbers = line.substring(colon + 1).trim().split("\\s+");
                sums[0] += Long.parseLong(numbers[0]);
                sums[1] += Long.parseLong(numbers[8]);
            }
        }
        return sums;
    }

    private static long[] blocks(ControlGroup group) {
        long[] sums = new long[2];
        if (group.isV1("blkio")) {
            for (String line : group.read("blkio", "blkio.throttle.io_service_bytes_recursive").orElse("").split("\n")) {
                String[] words = line.split(" ");
                if (words.length == 3 && words[1].equals("Read")) {
                    sums[0] += number(words[2]);
                } else if (words.length == 3 && words[1].equals("Write")) {
                    sums[1] += number(words[2]);
                }
            }
            return sums;
        }
        for (String word : group.read("io", "io.stat").orElse("").split("\\s+")) {
            if (word.startsWith("rbytes=")) {
                sums[0] += number(word.substring(7));
            } else if (word.startsWith("wbytes=")) {
                sums[1] += number(word.substring(7));
            }
        }
        return sums;
    }

    private static long field(String text, String name) {
        Optional<String> line = text.lines().filter(l -> l.startsWith(name + " ")).findFirst();
        return line.map(l -> number(l.substring(name.length() + 1))).orElse(0L);
    }

    private static long number(String text) {
        return Long.parseUnsignedLong(text.trim());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return "";
        }
    }
}
