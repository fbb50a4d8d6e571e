package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * The files of one log. Its monitor writes {@code log} and moves it aside when it is long: to {@code log.1}, what is there to {@code log.2} and so on, up to the
 * limit. An engine may take those away from the end, one after the other, and pack them; a packed one is named for the time of its first piece, so that the monitor does not
 * know of it. Which came first is told by those times, not by names.
 */
final class LogFiles {
    private static final String TAKEN = ".taken";
    private static final String DRAFT = ".new";

    private final Path newest;

    LogFiles(Path newest) {
        this.newest = newest;
    }

    /** All of them, open, the oldest first; names that change meanwhile are looked up again. */
    List<LogSource> open() {
        while (true) {
            var sources = new ArrayList<LogSource>();
            try {
                var order = new TreeMap<Long, LogSource>();
                LogSource last = null;
                for (Path file : list()) {
                    LogSource source = LogSource.open(file);
                    sources.add(source);
                    if (file.equals(newest)) {
                        last = source;
                    } else {
                        // Who packed it may have been killed before the original went.
                        order.putIfAbsent(source.first(), source);
                    }
                }
                if (last == null ? !Files.exists(newest) : isNewest(last)) {
                    var ordered = new ArrayList<>(order.values());
                    if (last != null) {
                        ordered.add(last);
                    }
                    sources.stream().filter(source -> !ordered.contains(source)).forEach(LogSource::close);
                    return ordered;
                }
            } catch (NoSuchFileException moved) {
                // Once more.
            } catch (IOException e) {
                sources.forEach(LogSource::close);
                throw StateFile.fault("read", newest, e);
            }
            sources.forEach(LogSource::close);
        }
    }

    boolean isNewest(LogSource source) throws IOException {
        return source.isAt(newest) || !Files.exists(newest);
    }

    private List<Path> list() throws IOException {
        var files = new ArrayList<Path>();
        Path directory = newest.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return files;
        }
        String name = newest.getFileName().toString();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, entry -> {
            String text = entry.getFileName().toString();
            return text.equals(name) || text.startsWith(name + ".") && !text.endsWith(DRAFT);
        })) {
            entries.forEach(files::add);
        }
        return files;
    }

    /** Packs what was moved aside, and drops what is more than so many files, itself included. The caller keeps others from doing the same. */
    void pack(int most) {
        try {
            Path taken = newest.resolveSibling(newest.getFileName() + TAKEN);
            if (Files.exists(taken)) {
                pack(taken);
            }
            for (int k = highest(); k > 0; k = highest()) {
                try {
                    Files.move(newest.resolveSibling(newest.getFileName() + "." + k), taken, StandardCopyOption.ATOMIC_MOVE);
                } catch (NoSuchFileException moved) {
                    continue;
                }
                pack(taken);
            }
            var packed = new ArrayList<>(list());
            packed.removeIf(file -> !file.toString().endsWith(LogSource.PACKED));
            packed.sort(null);
            for (int k = 0; k < packed.size() - (most - 1); k++) {
                Files.deleteIfExists(packed.get(k));
            }
        } catch (IOException e) {
            throw StateFile.fault("pack", newest, e);
        }
    }

    /** The number of the oldest file that was moved aside and is not packed; 0: there is none. */
    private int highest() throws IOException {
        int highest = 0;
        for (Path file : list()) {
            String end = file.getFileName().toString().substring(newest.getFileName().toString().length());
            if (end.length() > 1 && end.chars().skip(1).allMatch(c -> c >= '0' && c <= '9')) {
                highest = Math.max(highest, Integer.parseInt(end.substring(1)));
            }
        }
        return highest;
    }

    private void pack(Path taken) throws IOException {
        long first;
        try (LogSource source = LogSource.open(taken)) {
            first = source.first();
        }
        Path packed = newest.resolveSibling(newest.getFileName() + "." + String.format("%020d", first) + LogSource.PACKED);
        Path draft = packed.resolveSibling(packed.getFileName() + DRAFT);
        try (InputStream in = Files.newInputStream(taken);
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(draft))) {
            in.transferTo(out);
        }
        Files.move(draft, packed, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(taken);
    }

    /** Whether anything waits to be packed. */
    boolean waits() {
        try {
            return Files.exists(newest.resolveSibling(newest.getFileName() + ".1")) || highest() > 0;
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "list", "\"" + newest.getParent() + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
