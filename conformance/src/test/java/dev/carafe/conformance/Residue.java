package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What containers may leave on the host, and whether they have: processes, mounts, control groups, files of the state directories. The
 * first two are known by a marker that stands in the paths and the environment of everything that belongs to a test.
 */
final class Residue implements AutoCloseable {
    /** Where leases of networks and of what is being fetched are kept, as long as there are none. */
    private static final Set<String> LEASES = Set.of("leases", "leases/.locks", "leases/.ports", "content/leases");

    private final String marker;
    private final List<Path> roots;
    private final Set<String> before;

    /** @param roots the state directories; what is in them now may stay */
    Residue(String marker, List<Path> roots) {
        this.marker = marker;
        this.roots = roots;
        this.before = files();
    }

    /** Everything that was not there before, each in a line of its own; an engine's processes are no residue. */
    List<String> now() {
        var all = new ArrayList<String>(processes());
        all.addAll(mounts());
        all.addAll(groups());
        Set<String> files = files();
        files.removeAll(before);
        all.addAll(files);
        return all;
    }

    /** Fails when something stays for long. */
    void assertNone(String when) {
        Tools.await(() -> now().isEmpty());
        assertThat(now()).as("what is left " + when).isEmpty();
    }

    /** The emptied directories that engines keep for the next containers. */
    long spares() {
        long count = 0;
        for (Path root : roots) {
            try (Stream<Path> entries = Files.isDirectory(root.resolve("snapshots/overlay")) ? Files.list(root.resolve("snapshots/overlay")) : Stream.empty()) {
                for (Path entry : entries.toList()) {
                    count += isSpare(entry, "snapshots/overlay/" + entry.getFileName()) ? 1 : 0;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return count;
    }

    /** The engine's Java and its performer, of those that belong to the test; or a server and its own. */
    List<Long> engines() {
        var found = new ArrayList<Long>();
        for (Path process : processDirectories()) {
            String words = Tools.read(process.resolve("cmdline"));
            if ((words.contains("--serve") || words.contains("--connect")) && Tools.read(process.resolve("environ")).contains(marker)) {
                found.add(number(process));
            } else if (words.contains("--engine") && Tools.read(process.resolve("environ")).contains(marker)) {
                found.add(number(process));
                found.add(parent(process));
            }
        }
        return found;
    }

    List<String> processes() {
        List<Long> engines = engines();
        var found = new ArrayList<String>();
        for (Path process : processDirectories()) {
            boolean ours = Tools.read(process.resolve("environ")).contains(marker) || Tools.read(process.resolve("cgroup")).contains(marker)
                    || engines.contains(parent(process)) && Tools.read(process.resolve("stat")).contains(") Z ");
            if (ours && !engines.contains(number(process))) {
                found.add("process " + number(process) + ": " + Tools.read(process.resolve("cmdline")).replace('\0', ' '));
            }
        }
        return found;
    }

    List<String> mounts() {
        return Tools.read(Path.of("/proc/self/mountinfo")).lines().filter(line -> line.contains(marker)).filter(line -> !line.contains("full-disk"))
                .map(line -> "mount " + line).toList();
    }

    /** Control groups below the one that bears the marker's name, in every hierarchy. */
    List<String> groups() {
        var found = new ArrayList<String>();
        try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies) {
                Path parent = hierarchy.resolve(marker);
                if (Files.isDirectory(parent)) {
                    try (DirectoryStream<Path> below = Files.newDirectoryStream(parent, Files::isDirectory)) {
                        below.forEach(group -> found.add("cgroup " + group));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Removes the groups that bear the marker's name themselves. */
    @Override
    public void close() {
        try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies) {
                Files.deleteIfExists(hierarchy.resolve(marker));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files of the state directories; of an unpacked layer only its directory, of stored images nothing but what is not whole. */
    private Set<String> files() {
        var found = new TreeSet<String>();
        for (Path root : roots) {
            gather(root, root, found);
        }
        return found;
    }

    private static void gather(Path root, Path directory, Set<String> found) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                String name = root.relativize(entry).toString();
                if (name.equals("volumes") || name.equals("networks") || LEASES.contains(name)) {
                    gather(root, entry, found);
                    continue;
                }
                if (name.equals("leases/.names") || name.startsWith("content/blobs") || name.equals("engine.sock") || name.equals("engine.lock") || name.equals("rehearsal")
                        || name.equals("networks/bridge.json") || name.startsWith("filters") || isSpare(entry, name)) {
                    continue;
                }
                found.add("file " + entry);
                boolean layer = name.matches("snapshots/[a-z]+/[0-9]+");
                if (Files.isDirectory(entry, java.nio.file.LinkOption.NOFOLLOW_LINKS) && !layer) {
                    gather(root, entry, found);
                }
            }
        } catch (NoSuchFileException gone) {
            // It was removed while we looked.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An engine keeps some emptied directories of removed containers for the next ones, and takes them away when it leaves. */
    private static boolean isSpare(Path entry, String name) throws IOException {
        Path content = entry.resolve("fs");
        if (!name.matches("snapshots/overlay/[0-9]+") || !Files.isDirectory(content)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(content)) {
            return inside.findAny().isEmpty() && !Files.exists(entry.resolve("work/work"));
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private static List<Path> processDirectories() {
        var list = new ArrayList<Path>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            all.forEach(list::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return list;
    }

    private static long number(Path process) {
        return Long.parseLong(process.getFileName().toString());
    }

    private static long parent(Path process) {
        String stat = Tools.read(process.resolve("stat"));
        return stat.isEmpty() ? -1 : Long.parseLong(stat.substring(stat.lastIndexOf(')') + 4).split(" ")[0]);
    }
}
