package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what engines noted of events, from the past on and as it comes. Engines append lines to one file of the run directory, which is set aside
 * when it has grown and forgotten at the next but one time; so events are kept since the last boot, some ten thousand of them at least.
 *
 * <p>The end of a container is noted by whoever sees it, which may be several, and so is told once; one that nobody saw is found by its exit record.
 */
public final class EventLog implements AutoCloseable {
    private static final int SLICE_MILLIS = 50;
    private static final int LOOK_SLICES = 5;

    private final Containers all;
    private final Path file;
    private final long since;
    private final long until;
    private final Map<String, Map<String, String>> known = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private final Deque<Event> ready = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();
    private @Nullable FileChannel channel;
    private int slices;

    /**
     * @param since nanoseconds since 1970 of the first event that is wanted
     * @param until likewise, of the last
     */
    EventLog(Containers all, long since, long until) {
        this.all = all;
        this.file = all.roots.events();
        this.since = since;
        this.until = until;
        try (FileChannel old = FileChannel.open(file.resolveSibling(file.getFileName() + ".1"))) {
            read(old);
        } catch (NoSuchFileException none) {
            // There was nothing to set aside yet.
        } catch (IOException e) {
            throw StateFile.fault("read", file, e);
        }
    }

    /** The next event; waits for it. Empty when its time is over. */
    public Optional<Event> next() {
        return next(() -> false);
    }

    /** As {@link #next()}; empty also once nobody waits for it any more. */
    public Optional<Event> next(BooleanSupplier gone) {
        try {
            while (ready.isEmpty()) {
                if (read() == 0) {
                    boolean over = System.currentTimeMillis() * 1_000_000 > until || gone.getAsBoolean();
                    if (over || slices++ % LOOK_SLICES == 0) {
                        lookForEnds();
                    }
                    if (over && ready.isEmpty()) {
                        return Optional.empty();
                    }
                    if (ready.isEmpty()) {
                        Thread.sleep(SLICE_MILLIS);
                    }
                }
            }
            return Optional.of(ready.remove());
        } catch (IOException e) {
            throw StateFile.fault("read", file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What was appended; how many bytes. A file that was set aside is read to its end first. */
    private int read() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            try {
                open = FileChannel.open(file);
                channel = open;
            } catch (NoSuchFileException nothingYet) {
                return 0;
            }
        }
        int got = read(open);
        if (got == 0 && open.position() > 0 && (!Files.exists(file) || Files.size(file) < open.position())) {
            open.close();
            channel = null;
        }
        return got;
    }

    private int read(FileChannel from) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        int total = 0;
        for (int got = from.read(bytes); got > 0; got = from.read(bytes)) {
            total += got;
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            for (int k = 0; k < text.length(); k++) {
                if (text.charAt(k) == '\n') {
                    take(line.toString());
                    line.setLength(0);
                } else {
                    line.append(text.charAt(k));
                }
            }
            bytes.clear();
        }
        return total;
    }

    private void take(String text) {
        JsonObject json;
        try {
            json = Json.parseObject("events", text);
        } catch (RuntimeException cutShort) {
            // The disk was full when it was written.
            return;
        }
        var attributes = new LinkedHashMap<String, String>();
        json.getAsJsonObject("attributes").entrySet().forEach(entry -> attributes.put(entry.getKey(), entry.getValue().getAsString()));
        add(new Event(json.get("time").getAsLong(), json.get("type").getAsString(), json.get("action").getAsString(), json.get("id").getAsString(), attributes));
    }

    private void add(Event event) {
        Event whole = event;
        if (event.type().equals("container")) {
            if (event.action().equals("create")) {
                known.put(event.id(), event.attributes());
            } else if (event.action().equals("start")) {
                running.add(event.id());
            } else if (event.action().equals("die")) {
                running.remove(event.id());
                if (!ended.add(event.id() + " " + event.time())) {
                    return;
                }
            }
            var attributes = new LinkedHashMap<>(known.computeIfAbsent(event.id(), this::recorded));
            attributes.putAll(event.attributes());
            whole = new Event(event.time(), event.type(), event.action(), event.id(), attributes);
            if (event.action().equals("destroy")) {
                known.remove(event.id());
                running.remove(event.id());
            }
        }
        if (whole.time() >= since && whole.time() <= until) {
            ready.add(whole);
        }
    }

    private Map<String, String> recorded(String id) {
        return all.store.record(id).map(ContainerStore::eventAttributes).orElse(Map.of());
    }

    private void lookForEnds() {
        for (String id : Set.copyOf(running)) {
            ContainerStatus status = all.store.status(id, all.boot);
            if (status.phase() == ContainerStatus.Phase.EXITED) {
                add(new Event(status.finishedAt(), "container", "die", id, Map.of("exitCode", Integer.toString(status.exitCode()))));
            }
        }
    }

    @Override
    public void close() {
        FileChannel open = channel;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
