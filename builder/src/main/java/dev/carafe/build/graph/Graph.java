package dev.carafe.build.graph;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stages that a target needs, and no others.
 *
 * @param stages by their place in the file
 * @param target the place of the one that is asked for
 * @param unused arguments of the build that nothing has asked for
 */
public record Graph(Map<Integer, StagePlan> stages, int target, List<String> unused) {
    public Graph {
        stages = java.util.Collections.unmodifiableMap(new TreeMap<>(stages));
        unused = List.copyOf(unused);
    }

    public StagePlan targetStage() {
        return stages.get(target);
    }
}
