package dev.carafe.build;

import dev.carafe.archive.LayerWriter;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.build.dockerfile.Dockerfile;
import dev.carafe.build.dockerfile.ParseFault;
import dev.carafe.build.files.FileTree;
import dev.carafe.build.files.IgnoreRules;
import dev.carafe.build.files.Selection;
import dev.carafe.build.files.TreeWriter;
import dev.carafe.build.graph.Graph;
import dev.carafe.build.graph.GraphCompiler;
import dev.carafe.build.graph.GraphOptions;
import dev.carafe.build.graph.Origin;
import dev.carafe.build.graph.StagePlan;
import dev.carafe.content.Image;
import dev.carafe.engine.Engine;
import dev.carafe.engine.WorkTree;
import dev.carafe.engine.Workbench;
import dev.carafe.kernel.Directory;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Json;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Builds images. One serves any number of builds, also at the same time; it holds nothing open between them. */
public final class Builder {
    private final Workbench bench;
    private final StepCache cache;

    private Builder(Workbench bench) {
        this.bench = bench;
        this.cache = new StepCache(bench.roots().builds());
    }

    /** One that works with the images, containers and cache of that engine, which is its opener's to close. */
    public static Builder of(Engine engine) {
        return new Builder(engine.workbench());
    }

    /**
     * Builds an image. Blocks until it is stored.
     *
     * @throws Fault INVALID for what the Dockerfile says wrongly, in BuildKit's words; what a step threw; NOT_FOUND for files, stages and images that are not there
     */
    public BuildResult build(BuildRequest request, ProgressListener listener) {
        try (BuildLease lease = BuildLease.take(bench); var contexts = new Contexts(bench, lease, request)) {
            var reporter = new Reporter(listener);
            Contexts.Source source = source(contexts, reporter);
            var images = new BaseImages(bench, request);
            Graph graph = graph(source, request, images, reporter);
            Instant time = time(request, graph);
            Tip tip = new Solver(graph, request, bench, lease, cache, reporter, contexts, images, time, source).solve();
            BuildResult result = exported(request, graph, tip, time, reporter);
            if (reporter.doneSteps() > 0) {
                new BuildCache(bench).keepWithin(BuildCache.BUDGET);
            }
            return result;
        }
    }

    /** Gives the result of a build somewhere else. */
    public void export(BuildResult result, Output output) {
        switch (output) {
            case Output.Archive archive -> bench.save(result.id(), archive.out());
            case Output.Tar tar -> look(result, root -> LayerWriter.plain(tar.out()).content(root));
            case Output.Directory directory -> look(result, root -> {
                try (Directory target = bench.files().makeDirectory(directory.path().toString(), 0755)) {
                    var tree = new FileTree(root, IgnoreRules.NONE, true);
                    new TreeWriter(target, TreeWriter.Ownership.KEPT, Optional.empty(), Instant.now()).copy(Selection.of(tree, List.of("."), false, List.of()), "/", false);
                }
            });
        }
    }

    private void look(BuildResult result, Consumer<Directory> use) {
        try (BuildLease lease = BuildLease.take(bench); WorkTree tree = bench.look(result.config().chainId(), lease.key())) {
            use.accept(tree.root());
        }
    }

    /** What a build would do: each step, whether it would come from the cache, and why not. Files of the context are read; nothing is run or stored. */
    public List<Prediction> predict(BuildRequest request) {
        try (BuildLease lease = BuildLease.take(bench); var contexts = new Contexts(bench, lease, request)) {
            var reporter = new Reporter(ProgressListener.SILENT);
            Contexts.Source source = source(contexts, reporter);
            var images = new BaseImages(bench, request);
            Graph graph = graph(source, request, images, reporter);
            return new Predictor(graph, request, bench, lease, cache, contexts, images, time(request, graph), source).predict();
        }
    }

    /**
     * Builds once more without the cache, and compares.
     *
     * @throws Fault CONFLICT when that makes another image; it names the first layer that differs
     */
    public void verify(BuildRequest request, BuildResult first, ProgressListener listener) {
        BuildResult second = build(request.again(), listener);
        if (second.id().equals(first.id())) {
            return;
        }
        int layers = Math.min(first.layers().size(), second.layers().size());
        for (int k = 0; k < layers; k++) {
            if (!first.layers().get(k).equals(second.layers().get(k))) {
                throw differs("layer " + (k + 1) + " of " + layers + ", \"" + step(first.config(), k) + "\", is " + first.layers().get(k).diffId().abbreviated() + " and then "
                        + second.layers().get(k).diffId().abbreviated());
            }
        }
        throw differs("the configuration differs");
    }

    private static Fault differs(String how) {
        return Fault.of(Fault.Kind.CONFLICT, "verify", "build", "it is not reproducible: " + how);
    }

    /** The instruction that made a layer. */
    private static String step(ImageConfig config, int layer) {
        int number = 0;
        for (History entry : config.history()) {
            if (!entry.emptyLayer() && number++ == layer) {
                return entry.createdBy().orElse("");
            }
        }
        return "";
    }

    private static Contexts.Source source(Contexts contexts, Reporter reporter) {
        Reporter.Step step = reporter.begin("[internal] load build definition from Dockerfile");
        Contexts.Source source = contexts.dockerfile();
        step.note("transferring dockerfile: " + source.text().getBytes(StandardCharsets.UTF_8).length + "B done");
        step.done();
        return source;
    }

    private Graph graph(Contexts.Source source, BuildRequest request, BaseImages images, Reporter reporter) {
        try {
            Platform host = bench.platform();
            var options = new GraphOptions(request.arguments(), request.target(), request.contexts().keySet(), host, request.platform().map(p -> Platform.parse(p, host)).orElse(host));
            return GraphCompiler.compile(Dockerfile.parse(source.text()), options, images);
        } catch (Fault fault) {
            int line = ParseFault.line(fault);
            if (line > 0) {
                reporter.tell(new BuildEvent.Failed(0, fault, Optional.of(new BuildEvent.Excerpt(source.name(), line, line, List.of(source.text().split("\n", -1))))));
            }
            throw fault;
        }
    }

    /** What was asked for, else the time of the youngest base image: that is the same whenever and wherever the build runs. */
    private static Instant time(BuildRequest request, Graph graph) {
        Optional<String> epoch = Optional.ofNullable(request.arguments().get("SOURCE_DATE_EPOCH"));
        if (request.time().isPresent()) {
            return request.time().get();
        }
        if (epoch.isPresent()) {
            try {
                return Instant.ofEpochSecond(Long.parseLong(epoch.get()));
            } catch (NumberFormatException e) {
                throw Fault.invalid("invalid SOURCE_DATE_EPOCH", "\"" + epoch.get() + "\"", "it is no number of seconds");
            }
        }
        Instant latest = Instant.EPOCH;
        for (StagePlan stage : graph.stages().values()) {
            if (stage.source().origin() instanceof Origin.Image) {
                Instant created = stage.base().created().orElse(Instant.EPOCH);
                latest = created.isAfter(latest) ? created : latest;
            }
        }
        return Instant.ofEpochSecond(latest.getEpochSecond());
    }

    private BuildResult exported(BuildRequest request, Graph graph, Tip tip, Instant time, Reporter reporter) {
        Reporter.Step step = reporter.begin("exporting to image");
        Tip result = request.squash() ? squashed(graph, tip, time) : tip;
        List<Workbench.Layer> layers = result.layers();
        ImageConfig config = config(request, graph, result, time);
        Digest id = Digest.sha256(Json.compact(config.json()).getBytes(StandardCharsets.UTF_8));
        var names = new ArrayList<String>();
        request.tags().forEach(tag -> names.add(Reference.parse(tag).withDefaultTag().toString()));
        Optional<Image> image = request.store() ? Optional.of(bench.image(config, layers, names)) : Optional.empty();
        step.note("writing image " + id + " done");
        names.forEach(name -> step.note("naming to " + name + " done"));
        step.done();
        return new BuildResult(id, image.map(Image::target), config, layers, names, reporter.cachedSteps(), reporter.doneSteps(), graph.unused());
    }

    /** With all that the build made upon its base image in one layer, as docker's {@code --squash} has it. */
    private Tip squashed(Graph graph, Tip tip, Instant time) {
        List<Digest> base = baseOf(graph).diffIds();
        if (tip.layers().size() <= base.size() + 1) {
            return tip;
        }
        Optional<Digest> below = baseOf(graph).chainId();
        Workbench.Layer one = squashed(below, tip);
        var layers = new ArrayList<>(tip.layers().subList(0, base.size()));
        layers.add(one);
        var history = new ArrayList<History>();
        for (History entry : tip.history()) {
            boolean own = history.size() >= baseOf(graph).history().size();
            history.add(own ? new History(entry.created(), entry.createdBy(), entry.author(), entry.comment(), true) : entry);
        }
        history.add(new History(Optional.of(time), Optional.of("squash"), Optional.empty(), Optional.of("carafe.dockerfile"), false));
        return new Tip(Optional.of(bench.unpacked(below, one)), layers, history);
    }

    /** The image below all stages of the target. */
    private static ImageConfig baseOf(Graph graph) {
        StagePlan stage = graph.targetStage();
        while (stage.source().origin() instanceof Origin.Stage earlier) {
            stage = graph.stages().get(earlier.index());
        }
        return stage.base();
    }

    private Workbench.Layer squashed(Optional<Digest> below, Tip tip) {
        try (BuildLease lease = BuildLease.take(bench); WorkTree before = bench.look(below, lease.key()); WorkTree after = bench.look(tip.chain(), lease.key())) {
            return bench.layer(tar -> new LayerWriter(tar).changes(before.root(), after.root()));
        }
    }

    private static ImageConfig config(BuildRequest request, Graph graph, Tip tip, Instant time) {
        ImageConfig planned = graph.targetStage().image();
        var labels = new LinkedHashMap<>(planned.config().labels());
        labels.putAll(request.labels());
        return planned.toBuilder().created(time).config(planned.config().toBuilder().labels(labels).build()).diffIds(tip.layers().stream().map(Workbench.Layer::diffId).toList())
                .history(tip.history()).build();
    }
}
