package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.build.graph.Graph;
import dev.carafe.build.graph.Operation;
import dev.carafe.build.graph.Origin;
import dev.carafe.build.graph.StagePlan;
import dev.carafe.build.graph.Step;
import dev.carafe.engine.Workbench;
import dev.carafe.oci.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells what a build would do, and changes nothing. What follows a step that would be done is uncertain: when that makes the same as before, it is cached all the same. */
final class Predictor {
    private final Graph graph;
    private final BuildRequest request;
    private final Workbench bench;
    private final StepCache cache;
    private final StepKeys keys;
    private final Origins origins;
    private final Contexts.Source source;
    private final Map<Integer, Optional<Tip>> tips = new HashMap<>();
    private final List<Prediction> predictions = new ArrayList<>();

    Predictor(Graph graph, BuildRequest request, Workbench bench, BuildLease lease, StepCache cache, Contexts contexts, BaseImages images, Instant time, Contexts.Source source) {
        this.graph = graph;
        this.request = request;
        this.bench = bench;
        this.cache = cache;
        this.source = source;
        this.origins = new Origins(bench, lease, contexts, images, request.platform(), index -> tips.get(index).orElseThrow());
        this.keys = new StepKeys(request, bench, lease, origins, new Fetched(lease), time);
    }

    List<Prediction> predict() {
        // A stage needs only those before it.
        graph.stages().forEach((index, plan) -> tips.put(index, stage(plan)));
        return List.copyOf(predictions);
    }

    private Optional<Tip> stage(StagePlan plan) {
        boolean known = !(plan.source().origin() instanceof Origin.Stage base) || tips.get(base.index()).isPresent();
        Optional<Tip> tip = known ? Optional.of(origins.tip(plan.source().origin())) : Optional.empty();
        int place = 0;
        for (Step step : plan.steps()) {
            place++;
            if (step.operation().isPresent()) {
                tip = step(plan, step, place, tip);
            }
        }
        return tip;
    }

    private Optional<Tip> step(StagePlan plan, Step step, int place, Optional<Tip> tip) {
        String title = "[" + plan.stage().name() + "] " + step.title();
        Operation operation = step.operation().orElseThrow();
        if (tip.isEmpty() && !(operation instanceof Operation.Merge)) {
            predictions.add(new Prediction(title, false, "what it is done upon would be made anew"));
            return Optional.empty();
        }
        if (plan.needs(step).stream().anyMatch(index -> tips.get(index).isEmpty())) {
            predictions.add(new Prediction(title, false, "a stage that it takes files from would be made anew"));
            return Optional.empty();
        }
        if (!request.cached() || request.uncachedStages().contains(plan.stage().name())) {
            predictions.add(new Prediction(title, false, "the cache is not to be used"));
            return Optional.empty();
        }
        Optional<Digest> parent = tip.isEmpty() ? Optional.empty() : StepKeys.parent(operation, tip.get());
        try {
            Ingredients all = keys.of(step, operation, parent).all();
            Optional<StepCache.Entry> entry = cache.find(all.key()).filter(found -> bench.has(parent, found.layer()));
            predictions.add(new Prediction(title, entry.isPresent(), entry.isPresent() ? ""
                    : cache.last(keys.slot(source, plan, place)).map(all::differenceFrom).orElse("it has not been built here before")));
            return entry.isEmpty() || tip.isEmpty() ? Optional.empty()
                    : Optional.of(tip.get().with(entry.get().layer(), new History(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false)));
        } catch (Fault fault) {
            predictions.add(new Prediction(title, false, "it would fail: " + fault.getMessage()));
            return Optional.empty();
        }
    }
}
