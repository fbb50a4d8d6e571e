package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.engine.Container;
import dev.carafe.engine.Engine;
import dev.carafe.engine.ResourceUsage;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** What containers use, once or every second. */
final class StatsOperations {
    private static final int MILLIS = 1000;
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private final Engine engine;

    StatsOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/containers/*/stats", this::stats));
    }

    /** What was used by a moment. */
    private record Sample(String time, ResourceUsage usage) {
        static final Sample NONE = new Sample(NEVER, ResourceUsage.NONE);
    }

    private void stats(Call call) throws IOException {
        Container container = Containers.find(engine, call.name());
        boolean streams = call.query().on("stream", true);
        if (streams && call.query().on("one-shot")) {
            throw ApiFault.invalid("cannot have stream=true and one-shot=true");
        }
        if (!streams) {
            Sample before = call.query().on("one-shot") || !container.status().running() ? Sample.NONE : sample(container);
            if (before != Sample.NONE) {
                pause();
            }
            call.json(document(container, before, sample(container)));
            return;
        }
        call.exchange().watch(() -> { });
        try (JsonStream out = call.documents()) {
            Sample before = Sample.NONE;
            while (!call.exchange().isGone() && isThere(container)) {
                Sample now = sample(container);
                out.put(document(container, before, now));
                before = now;
                pause();
            }
        }
    }

    private boolean isThere(Container container) {
        try {
            return engine.containers().find(container.id()).id().equals(container.id());
        } catch (dev.carafe.base.Fault gone) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Sample sample(Container container) {
        ResourceUsage usage = container.usage();
        return usage.equals(ResourceUsage.NONE) ? Sample.NONE : new Sample(Instant.now().toString(), usage);
    }

    private static JsonObject document(Container container, Sample before, Sample now) {
        ResourceUsage usage = now.usage();
        var blocks = new JsonArray();
        if (now != Sample.NONE) {
            blocks.add(block("read", usage.read()));
            blocks.add(block("write", usage.written()));
        }
        var fields = new JsonFields().put("read", now.time()).put("preread", before.time())
                .put("pids_stats", new JsonFields().put("current", usage.tasks()).json())
                .put("blkio_stats", new JsonFields().put("io_service_bytes_recursive", blocks).json()).put("num_procs", 0).put("storage_stats", new JsonObject())
                .put("cpu_stats", processor(usage)).put("precpu_stats", processor(before.usage())).put("memory_stats", memory(usage, now))
                .put("name", "/" + container.record().name()).put("id", container.id());
        if (now != Sample.NONE) {
            fields.put("networks", new JsonFields().put("eth0", new JsonFields().put("rx_bytes", usage.received()).put("rx_packets", 0).put("rx_errors", 0)
                    .put("rx_dropped", 0).put("tx_bytes", usage.sent()).put("tx_packets", 0).put("tx_errors", 0).put("tx_dropped", 0).json()).json());
        }
        return fields.json();
    }

    private static JsonObject block(String operation, long bytes) {
        return new JsonFields().put("major", 0).put("minor", 0).put("op", operation).put("value", bytes).json();
    }

    private static JsonObject processor(ResourceUsage usage) {
        var fields = new JsonFields().put("cpu_usage", new JsonFields().put("total_usage", usage.cpuNanos()).put("usage_in_kernelmode", 0).put("usage_in_usermode", 0).json());
        if (usage.systemNanos() > 0) {
            fields.put("system_cpu_usage", usage.systemNanos()).put("online_cpus", usage.processors());
        }
        return fields.put("throttling_data", new JsonFields().put("periods", 0).put("throttled_periods", 0).put("throttled_time", 0).json()).json();
    }

    /** The pages of files that were not used for long are left out already. */
    private static JsonObject memory(ResourceUsage usage, Sample now) {
        return now == Sample.NONE ? new JsonObject()
                : new JsonFields().put("usage", usage.memory()).put("limit", usage.memoryLimit()).put("stats", new JsonObject()).json();
    }
}
