package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.build.graph.Graph;
import dev.carafe.build.graph.Operation;
import dev.carafe.build.graph.Origin;
import dev.carafe.build.graph.StagePlan;
import dev.carafe.build.graph.Step;
import dev.carafe.engine.WorkTree;
import dev.carafe.engine.Workbench;
import dev.carafe.oci.History;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Does what a graph asks for: each stage on a thread of its own, which waits for another stage where it takes files from that; each step from the cache where its key is there. Of steps with
 * the same key one is done, and the others wait for it. When a step fails no further one is begun.
 */
final class Solver {
    private static final Map<String, Object> KEYS_AT_WORK = new ConcurrentHashMap<>();

    private final Graph graph;
    private final BuildRequest request;
    private final Workbench bench;
    private final BuildLease lease;
    private final StepCache cache;
    private final Reporter reporter;
    private final Origins origins;
    private final StepKeys keys;
    private final Instant time;
    private final Contexts.Source source;
    private final Map<Integer, CompletableFuture<Tip>> stages = new HashMap<>();
    private volatile boolean stopped;

    Solver(Graph graph, BuildRequest request, Workbench bench, BuildLease lease, StepCache cache, Reporter reporter, Contexts contexts, BaseImages images, Instant time,
            Contexts.Source source) {
        this.graph = graph;
        this.request = request;
        this.bench = bench;
        this.lease = lease;
        this.cache = cache;
        this.reporter = reporter;
        this.time = time;
        this.source = source;
        this.origins = new Origins(bench, lease, contexts, images, request.platform(), this::await);
        this.keys = new StepKeys(request, bench, lease, origins, new Fetched(lease), time);
    }

    /** The target's layers and history. Blocks until all that was begun has ended. */
    Tip solve() {
        graph.stages().keySet().forEach(index -> stages.put(index, new CompletableFuture<>()));
        var threads = new java.util.ArrayList<Thread>();
        graph.stages().forEach((index, plan) -> threads.add(Thread.ofPlatform().daemon().name("stage " + index).start(() -> {
            CompletableFuture<Tip> future = stages.get(index);
            try {
                future.complete(stage(plan));
            } catch (RuntimeException | Error e) {
                stopped = true;
                future.completeExceptionally(e);
            }
        })));
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            stopped = true;
            bench.kill(lease.name());
            threads.forEach(Solver::joined);
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "build", "", "interrupted");
        }
        Fault last = null;
        for (CompletableFuture<Tip> future : stages.values()) {
            Fault fault = failure(future);
            last = fault == null || last != null && last.kind() != Fault.Kind.CANCELLED ? last : fault;
        }
        if (last != null) {
            throw last;
        }
        return await(graph.target());
    }

    private static void joined(Thread thread) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                thread.join();
                interrupted = false;
            } catch (InterruptedException again) {
                // It ends by itself, now that its command has been killed.
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Fault failure(CompletableFuture<Tip> future) {
        try {
            future.join();
            return null;
        } catch (CompletionException e) {
            if (e.getCause() instanceof Fault fault) {
                return fault;
            }
            throw e;
        }
    }

    /** For what is in a running stage to ask for another one. */
    private Tip await(int index) {
        try {
            return stages.get(index).join();
        } catch (CompletionException e) {
            throw Fault.of(Fault.Kind.CANCELLED, "build", "stage " + index, "it failed").cause(e);
        }
    }

    private String label(StagePlan plan, int number, int of) {
        String name = plan.stage().from().stage().orElse(graph.stages().size() > 1 || plan.stage().index() > 0 ? "stage-" + plan.stage().index() : "");
        return "[" + (name.isEmpty() ? "" : name + " ") + number + "/" + of + "] ";
    }

    private Tip stage(StagePlan plan) {
        int of = 1 + (int) plan.steps().stream().filter(step -> step.operation().isPresent()).count();
        Tip tip = origins.tip(plan.source().origin());
        if (!(plan.source().origin() instanceof Origin.Stage)) {
            Reporter.Step begun = reporter.begin(label(plan, 1, of) + "FROM " + shown(plan.source().origin()));
            begun.done();
        }
        if (plan.source().origin() instanceof Origin.Context context && tip.layers().isEmpty()) {
            tip = filled(context, tip);
        }
        int number = 1;
        int place = 0;
        for (Step step : plan.steps()) {
            place++;
            if (stopped) {
                throw Fault.of(Fault.Kind.CANCELLED, "build", "stage " + plan.stage().name(), "another one failed");
            }
            boolean layer = step.operation().isPresent();
            History entry = new History(Optional.of(time), Optional.of(step.history()), Optional.empty(), Optional.of("carafe.dockerfile"), !layer);
            if (layer) {
                number++;
                tip = tip.with(layer(plan, step, place, label(plan, number, of) + step.title(), tip), entry);
            } else {
                tip = tip.noting(entry);
            }
        }
        return tip;
    }

    private static String shown(Origin origin) {
        return switch (origin) {
            case Origin.Scratch scratch -> "scratch";
            case Origin.Stage stage -> String.valueOf(stage.index());
            case Origin.Image image -> image.reference();
            case Origin.Context context -> "context " + context.name();
        };
    }

    /** A stage that begins with the files of a context. */
    private Tip filled(Origin.Context context, Tip tip) {
        var copy = new Operation.Copy(context, java.util.List.of("."), java.util.List.of(), "/", Optional.empty(), Optional.empty(), false, java.util.List.of(), false, false,
                Optional.empty());
        Workbench.Layer layer = written(Optional.empty(), target -> keys.copy(copy).perform(target));
        return tip.with(layer, new History(Optional.of(time), Optional.of("FROM " + context.name()), Optional.empty(), Optional.of("carafe.dockerfile"), false));
    }

    private Workbench.Layer layer(StagePlan plan, Step step, int place, String title, Tip tip) {
        Reporter.Step report = reporter.begin(title);
        try {
            return layer(plan, step, place, title, tip, report);
        } catch (Fault fault) {
            if (!stopped || fault.kind() != Fault.Kind.CANCELLED) {
                stopped = true;
                reporter.tell(new BuildEvent.Failed(report.number(), fault, Optional.of(new BuildEvent.Excerpt(source.name(), step.line().start(), step.line().end(),
                        java.util.List.of(source.text().split("\n", -1))))));
            }
            throw fault;
        }
    }

    private Workbench.Layer layer(StagePlan plan, Step step, int place, String title, Tip tip, Reporter.Step report) {
        Operation operation = step.operation().orElseThrow();
        boolean cached = request.cached() && !request.uncachedStages().contains(plan.stage().name());
        Optional<Digest> parent = StepKeys.parent(operation, tip);
        StepKeys.Key short_ = keys.of(step, operation, parent);
        Optional<Digest> cheap = short_.cheap();
        Optional<StepCache.Entry> early = cached ? cheap.flatMap(cache::meant).flatMap(key -> usable(key, parent)) : Optional.empty();
        if (early.isPresent()) {
            return taken(early.get(), tip, report, plan, place);
        }
        Ingredients all = short_.all();
        Digest key = all.key();
        String name = bench.roots().root() + " " + key.hex();
        synchronized (KEYS_AT_WORK.computeIfAbsent(name, k -> new Object())) {
            try {
                return found(operation, plan, step, place, title, tip, report, all, cheap, cached);
            } finally {
                KEYS_AT_WORK.remove(name);
            }
        }
    }

    /** From the cache, or done now, while nobody else in this process does the same. */
    private Workbench.Layer found(Operation operation, StagePlan plan, Step step, int place, String title, Tip tip, Reporter.Step report, Ingredients all, Optional<Digest> cheap,
            boolean cached) {
        Digest key = all.key();
        Optional<Digest> parent = StepKeys.parent(operation, tip);
        Optional<StepCache.Entry> known = cached ? usable(key, parent) : Optional.empty();
        if (known.isPresent()) {
            cheap.ifPresent(other -> cache.mean(other, key));
            return taken(known.get(), tip, report, plan, place);
        }
        report.why(cached ? cache.last(slot(plan, place)).map(all::differenceFrom).orElse("it has not been built here before") : "the cache is not to be used");
        Workbench.Layer layer = done(operation, parent, report);
        cache.put(new StepCache.Entry(key, parent, layer, title, report.nanos(), Instant.now()), all);
        cheap.ifPresent(other -> cache.mean(other, key));
        cache.last(slot(plan, place), key);
        laid(tip, layer, title);
        report.ran();
        return layer;
    }

    /** A record whose layer is still here. */
    private Optional<StepCache.Entry> usable(Digest key, Optional<Digest> parent) {
        return cache.find(key).filter(entry -> bench.has(parent, entry.layer()));
    }

    private Workbench.Layer taken(StepCache.Entry entry, Tip tip, Reporter.Step report, StagePlan plan, int place) {
        cache.touch(entry.key());
        cache.last(slot(plan, place), entry.key());
        laid(tip, entry.layer(), entry.title());
        report.cached();
        return entry.layer();
    }

    private Digest slot(StagePlan plan, int place) {
        return keys.slot(source, plan, place);
    }

    private Workbench.Layer done(Operation operation, Optional<Digest> parent, Reporter.Step report) {
        return switch (operation) {
            case Operation.Exec exec -> keys.exec(exec).perform(parent, report, time);
            case Operation.Copy copy -> written(parent, target -> keys.copy(copy).perform(target));
            case Operation.Merge merge -> written(parent, target -> keys.copy(merge).perform(target));
            case Operation.MakeDirectory made -> written(parent, target -> {
                var account = made.owner().isEmpty() ? dev.carafe.engine.Account.ROOT : target.account(made.owner());
                new dev.carafe.build.files.TreeWriter(target.root(), dev.carafe.build.files.TreeWriter.Ownership.of((int) account.uid(), (int) account.gid()), Optional.empty(), time)
                        .directory(made.path());
            });
            case Operation.Source source -> throw new IllegalStateException("a source is no step");
        };
    }

    /** Lays a layer that was made upon nothing, or upon something else, over what is there; that has a record of its own, so that it goes when the cache is pruned. */
    private void laid(Tip tip, Workbench.Layer layer, String title) {
        if (!bench.has(tip.chain(), layer)) {
            Digest chain = bench.unpacked(tip.chain(), layer);
            Digest key = Digest.sha256(("laid " + chain).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            cache.put(new StepCache.Entry(key, tip.chain(), layer, title, 0, Instant.now()), new Ingredients().add("base", chain.toString()));
        }
    }

    private interface Writing {
        void to(WorkTree target);
    }

    private Workbench.Layer written(Optional<Digest> parent, Writing writing) {
        String key = lease.key();
        try {
            try (WorkTree target = bench.draft(parent, key)) {
                writing.to(target);
            }
            return bench.layer(key, parent, time);
        } catch (RuntimeException e) {
            bench.discard(key);
            throw e;
        }
    }
}
