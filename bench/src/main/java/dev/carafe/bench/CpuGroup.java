package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The control group of one peer, in the hierarchy that accounts processor time. The peer's containers are groups in it; what
 * works for the peer sits in its group {@code tools}. Its count includes processes that have ended.
 */
public final class CpuGroup {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Path directory;
    private final Path tools;
    private final boolean first;

    private CpuGroup(Path directory, boolean first) {
        this.directory = directory;
        this.tools = directory.resolve("tools");
        this.first = first;
    }

    /** Makes the group. */
    public static CpuGroup make(Hierarchy accounting, String group) throws IOException {
        accounting.make(group);
        var made = new CpuGroup(accounting.root().resolve(group), accounting.version() == 1);
        Files.createDirectories(made.tools);
        return made;
    }

    /** Moves a process, with all its threads, among the tools. */
    public void add(long pid) throws IOException {
        Files.writeString(tools.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** Processor time of the group and those below it so far. */
    public double cpuMillis() {
        try {
            return first ? Long.parseLong(Files.readString(directory.resolve("cpuacct.usage")).strip()) / (double) NANOS_PER_MILLI
                    : usageMicros(Files.readAllLines(directory.resolve("cpu.stat"))) / 1000.0;
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read processor time of", "\"" + directory + "\"", "the group is gone").cause(e);
        }
    }

    /** The line {@code usage_usec} of a {@code cpu.stat}. */
    static long usageMicros(List<String> stat) {
        for (String line : stat) {
            if (line.startsWith("usage_usec ")) {
                return Long.parseLong(line.substring(11).strip());
            }
        }
        throw Fault.invalid("cpu.stat", "", "has no usage_usec");
    }

    /** The processes of the group and of those below it. */
    public List<Long> processes() {
        return processes(directory);
    }

    static List<Long> processes(Path group) {
        var pids = new ArrayList<Long>();
        try {
            for (String line : Files.readAllLines(group.resolve("cgroup.procs"))) {
                pids.add(Long.parseLong(line));
            }
            for (Path each : children(group)) {
                pids.addAll(processes(each));
            }
        } catch (IOException e) {
            // The group of a container that has just ended.
            return pids;
        }
        return pids;
    }

    static List<Path> children(Path group) throws IOException {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return found;
    }

    /** The peer's name. */
    public String name() {
        return directory.getFileName().toString();
    }
}
