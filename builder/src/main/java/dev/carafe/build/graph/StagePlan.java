package dev.carafe.build.graph;

import dev.carafe.build.dockerfile.Dockerfile;
import dev.carafe.oci.ImageConfig;
import java.util.List;
import java.util.TreeSet;
import java.util.Set;

/**
 * What one stage asks for.
 *
 * @param base the configuration of what it begins from
 * @param image the configuration that it ends with, with the layers and the history of the base
 */
public record StagePlan(Dockerfile.Stage stage, Operation.Source source, ImageConfig base, List<Step> steps, ImageConfig image) {
    public StagePlan {
        steps = List.copyOf(steps);
    }

    /** The other stages that it takes files from or begins with. */
    public Set<Integer> needs() {
        var needed = new TreeSet<Integer>();
        add(source.origin(), needed);
        for (Step step : steps) {
            step.operation().ifPresent(operation -> origins(operation, needed));
        }
        return needed;
    }

    /** The stages that one of its steps takes files from. */
    public Set<Integer> needs(Step step) {
        var needed = new TreeSet<Integer>();
        step.operation().ifPresent(operation -> origins(operation, needed));
        return needed;
    }

    private static void origins(Operation operation, Set<Integer> into) {
        switch (operation) {
            case Operation.Source source -> add(source.origin(), into);
            case Operation.Exec exec -> exec.mounts().forEach(mounted -> mounted.origin().ifPresent(origin -> add(origin, into)));
            case Operation.Copy copy -> add(copy.origin(), into);
            case Operation.Merge merge -> add(merge.layer().origin(), into);
            case Operation.MakeDirectory made -> { }
        }
    }

    private static void add(Origin origin, Set<Integer> into) {
        if (origin instanceof Origin.Stage stage) {
            into.add(stage.index());
        }
    }
}
