package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.build.graph.Operation;
import dev.carafe.build.graph.StagePlan;
import dev.carafe.build.graph.Step;
import dev.carafe.engine.Workbench;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** What the steps of one build depend on. */
final class StepKeys {
    private final BuildRequest request;
    private final Workbench bench;
    private final BuildLease lease;
    private final Origins origins;
    private final Fetched fetched;
    private final Instant time;

    StepKeys(BuildRequest request, Workbench bench, BuildLease lease, Origins origins, Fetched fetched, Instant time) {
        this.request = request;
        this.bench = bench;
        this.lease = lease;
        this.origins = origins;
        this.fetched = fetched;
        this.time = time;
    }

    /**
     * Of one step.
     *
     * @param cheap a key that takes no reading of files; empty where there is none
     * @param whole gives all ingredients, for which files may be read
     */
    record Key(Optional<Digest> cheap, Supplier<Ingredients> whole) {
        Ingredients all() {
            return whole.get();
        }
    }

    /** The file system that an operation is done upon. */
    static Optional<Digest> parent(Operation operation, Tip tip) {
        return operation instanceof Operation.Merge ? Optional.empty() : tip.chain();
    }

    Key of(Step step, Operation operation, Optional<Digest> parent) {
        Ingredients base = new Ingredients().add("base", parent.map(Digest::toString).orElse("scratch")).add("instruction", step.line().keyword()).add("time", time.toString());
        return switch (operation) {
            case Operation.Copy copy -> copied(copy(copy), base);
            case Operation.Merge merge -> copied(copy(merge), base);
            case Operation.Exec exec -> new Key(Optional.empty(), () -> exec(exec).ingredients(base));
            case Operation.MakeDirectory made -> new Key(Optional.empty(), () -> base.add("directory", made.path()).add("owner", made.owner()));
            case Operation.Source source -> throw new IllegalStateException("a source is no step");
        };
    }

    private static Key copied(CopyStep copy, Ingredients base) {
        Ingredients words = copy.words(base);
        return new Key(copy.cheap(words).map(Ingredients::key), () -> copy.whole(words));
    }

    CopyStep copy(Operation.Copy copy) {
        return new CopyStep(copy, origins, fetched, time);
    }

    CopyStep copy(Operation.Merge merge) {
        return copy(merge.layer());
    }

    ExecStep exec(Operation.Exec exec) {
        return new ExecStep(exec, request, bench, lease, origins);
    }

    /** Where in which Dockerfile a step stands, to find what it depended on last time. */
    Digest slot(Contexts.Source source, StagePlan plan, int place) {
        String where = request.context() instanceof BuildContext.Directory directory ? directory.path().toString() : "";
        return Digest.sha256((where + "\n" + request.dockerfile().orElse(source.name()) + "\n" + plan.stage().name() + "\n" + place).getBytes(StandardCharsets.UTF_8));
    }
}
