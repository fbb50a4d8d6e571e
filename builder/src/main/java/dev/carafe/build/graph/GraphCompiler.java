package dev.carafe.build.graph;

import dev.carafe.base.Fault;
import dev.carafe.build.dockerfile.Dockerfile;
import dev.carafe.build.dockerfile.Expansion;
import dev.carafe.build.dockerfile.Instruction;
import dev.carafe.build.dockerfile.Nearest;
import dev.carafe.build.dockerfile.ParseFault;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.ImageConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a graph of a Dockerfile. Stages that the target does not need are not looked at, nor are their base images. */
public final class GraphCompiler {
    private static final String SCRATCH = "scratch";
    static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Dockerfile file;
    private final GraphOptions options;
    private final Bases bases;
    private final Arguments arguments;
    private final Expansion expansion;
    private final Map<Integer, StageCompiler> compiled = new HashMap<>();

    private GraphCompiler(Dockerfile file, GraphOptions options, Bases bases) {
        this.file = file;
        this.options = options;
        this.bases = bases;
        this.arguments = new Arguments(options);
        this.expansion = Expansion.of(file.directives().escape());
    }

    /**
     * The graph.
     *
     * @throws Fault INVALID for what the file says wrongly, with the number of the line; NOT_FOUND for a target that is not there
     */
    public static Graph compile(Dockerfile file, GraphOptions options, Bases bases) {
        return new GraphCompiler(file, options, bases).graph();
    }

    private Graph graph() {
        for (Instruction.Arg arg : file.global()) {
            for (Instruction.Declared declared : arg.names()) {
                arguments.declare(declared.name(), declared.value().map(text -> expand(text, arg.line().start())));
            }
        }
        int target = target();
        stage(target);
        Map<Integer, StagePlan> stages = new HashMap<>();
        compiled.forEach((index, stage) -> stages.put(index, stage.plan()));
        return new Graph(stages, target, arguments.unused());
    }

    private String expand(String text, int line) {
        try {
            return expansion.word(text, arguments.beforeStages());
        } catch (Fault fault) {
            throw ParseFault.located(fault, line);
        }
    }

    private int target() {
        if (options.target().isEmpty()) {
            return file.stages().size() - 1;
        }
        String name = options.target().get();
        return file.stage(name).map(Dockerfile.Stage::index).orElseThrow(() -> Fault.notFound("build", "target stage \"" + name + "\"",
                "could not be found" + Nearest.suggestion(name, file.stages().stream().map(Dockerfile.Stage::name).toList(), "")));
    }

    /** A stage, compiled once. */
    StageCompiler stage(int index) {
        StageCompiler known = compiled.get(index);
        if (known != null) {
            return known;
        }
        StageCompiler stage = begin(file.stages().get(index));
        stage.run();
        compiled.put(index, stage);
        return stage;
    }

    private StageCompiler begin(Dockerfile.Stage stage) {
        int line = stage.from().line().start();
        String name = expand(stage.from().image(), line);
        if (name.isEmpty()) {
            throw ParseFault.at(line, "base name (" + stage.from().image() + ") should not be blank");
        }
        Optional<String> platform = stage.from().platform().map(text -> expand(text, line)).filter(text -> !text.isEmpty());
        if (options.contexts().contains(name)) {
            return new StageCompiler(this, stage, new Origin.Context(name), empty(), Map.of(), expansion, arguments);
        }
        Optional<Dockerfile.Stage> earlier = file.stageBefore(name, stage.index()).filter(s -> s.from().stage().filter(name::equalsIgnoreCase).isPresent());
        if (earlier.isPresent()) {
            StageCompiler base = stage(earlier.get().index());
            return new StageCompiler(this, stage, new Origin.Stage(earlier.get().index()), base.plan().image(), base.declared(), expansion, arguments);
        }
        if (name.equals(SCRATCH)) {
            return new StageCompiler(this, stage, new Origin.Scratch(), empty(), Map.of(), expansion, arguments);
        }
        Optional<String> wanted = Optional.of(platform.orElse(options.platform().toString()));
        return new StageCompiler(this, stage, new Origin.Image(name, wanted), bases.config(name, wanted), Map.of(), expansion, arguments);
    }

    /** An image that has nothing. */
    private ImageConfig empty() {
        return ImageConfig.builder(options.platform().architecture(), options.platform().os()).variant(options.platform().variant())
                .config(ContainerConfig.builder().env(List.of(PATH)).workingDir("/").build()).build();
    }

    /** Where {@code --from} leads, seen from a stage. */
    Origin origin(String name, int index) {
        if (name.equals("context") || name.isEmpty()) {
            return new Origin.Context("");
        }
        if (options.contexts().contains(name)) {
            return new Origin.Context(name);
        }
        Optional<Dockerfile.Stage> stage = file.stageBefore(name, index);
        if (stage.isPresent()) {
            stage(stage.get().index());
            return new Origin.Stage(stage.get().index());
        }
        if (name.equals(SCRATCH)) {
            return new Origin.Scratch();
        }
        return new Origin.Image(name, Optional.of(options.platform().toString()));
    }

}
