package dev.carafe.build.graph;

import dev.carafe.base.Fault;
import dev.carafe.build.dockerfile.Dockerfile;
import dev.carafe.build.dockerfile.Expansion;
import dev.carafe.build.dockerfile.Heredoc;
import dev.carafe.build.dockerfile.Instruction;
import dev.carafe.build.dockerfile.ParseFault;
import dev.carafe.build.dockerfile.RunMount;
import dev.carafe.build.dockerfile.Variables;

import dev.carafe.oci.ImageConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goes through one stage: replaces variables, and makes steps of instructions. */
final class StageCompiler {
    private final GraphCompiler graph;
    private final Dockerfile.Stage stage;
    private final Origin origin;
    private final ImageConfig base;
    private final Expansion expansion;
    private final Arguments arguments;
    private final Map<String, Optional<String>> declared;
    private final List<Step> steps = new ArrayList<>();
    private final Configuration configuration;
    private @Nullable StagePlan plan;

    StageCompiler(GraphCompiler graph, Dockerfile.Stage stage, Origin origin, ImageConfig base, Map<String, Optional<String>> inherited, Expansion expansion,
            Arguments arguments) {
        this.graph = graph;
        this.stage = stage;
        this.origin = origin;
        this.base = base;
        this.expansion = expansion;
        this.arguments = arguments;
        this.declared = new LinkedHashMap<>(inherited);
        this.configuration = new Configuration(base);
    }

    void run() {
        for (String trigger : configuration.takeTriggers()) {
            compile(Dockerfile.instruction(trigger), true);
        }
        for (Instruction instruction : stage.instructions()) {
            compile(instruction, false);
        }
        plan = new StagePlan(stage, new Operation.Source(origin), base, steps, configuration.image());
    }

    StagePlan plan() {
        StagePlan made = plan;
        if (made == null) {
            throw Fault.invalid("build", "stage " + stage.name(), "it depends on itself");
        }
        return made;
    }

    /** The arguments that stages which begin with this one know as well. */
    Map<String, Optional<String>> declared() {
        return Collections.unmodifiableMap(declared);
    }

    private void compile(Instruction instruction, boolean trigger) {
        int line = trigger ? stage.from().line().start() : instruction.line().start();
        try {
            compile(instruction, line);
        } catch (Fault fault) {
            throw ParseFault.located(fault, line);
        }
    }

    /** ENV before ARG: the reference says that the former always wins. */
    private Optional<String> variable(String name) {
        Optional<String> set = configuration.variable(name);
        return set.isPresent() ? set : declared.getOrDefault(name, Optional.empty());
    }

    private String word(String text) {
        return expansion.word(text, variables());
    }

    private Variables variables() {
        return this::variable;
    }

    private List<String> words(List<String> texts) {
        var words = new ArrayList<String>();
        texts.forEach(text -> words.addAll(expansion.words(text, variables())));
        return words;
    }

    private void compile(Instruction instruction, int line) {
        switch (instruction) {
            case Instruction.From from -> throw ParseFault.at(line, "FROM isn't allowed here");
            case Instruction.Arg arg -> {
                for (Instruction.Declared name : arg.names()) {
                    declared.put(name.name(), arguments.value(name, name.value().map(this::word)));
                }
                note(instruction, "ARG " + String.join(" ", declaredWords(arg)));
            }
            case Instruction.Env env -> {
                Map<String, String> set = pairs(env.pairs());
                set.forEach(configuration::setVariable);
                note(instruction, "ENV " + printed(set));
            }
            case Instruction.Label label -> {
                Map<String, String> set = pairs(label.pairs());
                configuration.label(set);
                note(instruction, "LABEL " + printed(set));
            }
            case Instruction.Maintainer maintainer -> {
                configuration.author(word(maintainer.author()));
                note(instruction, "MAINTAINER " + word(maintainer.author()));
            }
            case Instruction.Expose expose -> {
                List<String> ports = PortNumbers.of(words(expose.ports()), line);
                configuration.expose(ports);
                note(instruction, "EXPOSE " + ports);
            }
            case Instruction.Volume volume -> {
                List<String> paths = volume.line().json() ? volume.paths().stream().map(this::word).toList() : words(volume.paths());
                configuration.volumes(paths);
                note(instruction, "VOLUME " + paths);
            }
            case Instruction.User user -> {
                configuration.user(word(user.user()));
                note(instruction, "USER " + word(user.user()));
            }
            case Instruction.StopSignal signal -> {
                String word = word(signal.signal());
                dev.carafe.kernel.Signal.parse(word);
                configuration.stopSignal(word);
                note(instruction, "STOPSIGNAL " + word);
            }
            case Instruction.Shell shell -> {
                configuration.shell(shell.words());
                note(instruction, "SHELL " + shell.words());
            }
            case Instruction.Cmd cmd -> note(instruction, "CMD " + quoted(configuration.cmd(cmd.command())));
            case Instruction.Entrypoint entrypoint -> note(instruction, "ENTRYPOINT " + quoted(configuration.entrypoint(entrypoint.command())));
            case Instruction.Health health -> {
                configuration.health(health.check());
                note(instruction, "HEALTHCHECK " + health.check().test());
            }
            case Instruction.OnBuild onBuild -> {
                configuration.trigger(onBuild.trigger());
                note(instruction, "ONBUILD " + onBuild.trigger());
            }
            case Instruction.Workdir workdir -> workdir(workdir);
            case Instruction.Copy copy -> copy(copy, line);
            case Instruction.Run run -> run(run, line);
        }
    }

    private void note(Instruction instruction, String history) {
        steps.add(new Step(instruction.line(), title(instruction), history, Optional.empty()));
    }

    private static String title(Instruction instruction) {
        String[] parts = instruction.line().original().split("\\s+", 2);
        return instruction.keyword() + (parts.length > 1 ? " " + parts[1] : "");
    }

    private static List<String> declaredWords(Instruction.Arg arg) {
        return arg.line().words();
    }

    private Map<String, String> pairs(List<Instruction.Pair> pairs) {
        var set = new LinkedHashMap<String, String>();
        for (Instruction.Pair pair : pairs) {
            set.put(word(pair.name()), word(pair.value()));
        }
        return set;
    }

    private static String printed(Map<String, String> pairs) {
        var words = new ArrayList<String>();
        pairs.forEach((name, value) -> words.add(name + "=" + value));
        return String.join(" ", words);
    }

    private static String quoted(List<String> words) {
        var array = new com.google.gson.JsonArray();
        words.forEach(array::add);
        return dev.carafe.oci.Json.compact(array);
    }

    private String absolute(String path) {
        return path.startsWith("/") ? path : configuration.directory() + (configuration.directory().endsWith("/") ? "" : "/") + path;
    }

    private void workdir(Instruction.Workdir workdir) {
        String path = Path.of(absolute(word(workdir.path()))).normalize().toString();
        configuration.directory(path);
        Optional<Operation> made = path.equals("/") ? Optional.empty() : Optional.of(new Operation.MakeDirectory(path, configuration.user()));
        steps.add(new Step(workdir.line(), title(workdir), "WORKDIR " + path, made));
    }

    private void copy(Instruction.Copy copy, int line) {
        List<String> sources = new ArrayList<>();
        List<Operation.Inline> inline = new ArrayList<>();
        var documents = new ArrayList<>(copy.line().heredocs());
        for (String source : copy.sources()) {
            Optional<Heredoc> document = copy.line().json() || documents.isEmpty() || !source.contains("<<") ? Optional.empty() : Optional.of(documents.removeFirst());
            if (document.isPresent()) {
                String text = document.get().text();
                inline.add(new Operation.Inline(document.get().name(), document.get().expand() ? expansion.document(text, variables()) : text));
            } else {
                sources.add(word(source));
            }
        }
        String words = word(copy.destination());
        if (sources.size() + inline.size() > 1 && !words.endsWith("/") && !words.equals(".") && !words.endsWith("/.")) {
            throw ParseFault.at(line, "When using " + copy.keyword() + " with more than one source file, the destination must be a directory and end with a /");
        }
        var options = copy.options();
        Origin from = options.from().isPresent() ? graph.origin(constant(options.from().get(), line), stage.index()) : new Origin.Context("");
        boolean directory = words.endsWith("/") || words.equals(".") || words.endsWith("/.") || words.isEmpty();
        String destination = Path.of(absolute(words)).normalize() + (directory ? "/" : "");
        var operation = new Operation.Copy(from, sources, inline, destination.replace("//", "/"), options.chown().map(this::word), options.chmod().map(this::word),
                options.parents(), options.exclude().stream().map(this::word).toList(), options.unpack().orElse(copy.add()), copy.add(), options.checksum().map(this::word));
        steps.add(new Step(copy.line(), title(copy), title(copy), Optional.of(options.link() ? new Operation.Merge(operation) : operation)));
    }

    private static String constant(String name, int line) {
        if (name.contains("$")) {
            throw ParseFault.at(line, "'--from' doesn't support variable expansion, define alias stage instead");
        }
        return name;
    }

    private void run(Instruction.Run run, int line) {
        List<String> words = run.command().words();
        Optional<Operation.Script> script = Optional.empty();
        if (!run.line().heredocs().isEmpty()) {
            Heredoc first = run.line().heredocs().getFirst();
            boolean alone = run.line().heredocs().size() == 1 && words.size() == 1 && words.getFirst().matches("\\d*<<-?\\S+");
            if (alone && first.content().startsWith("#!")) {
                script = Optional.of(new Operation.Script("/dev/pipes/" + first.name(), first.text()));
                words = List.of(script.get().path());
            } else {
                words = List.of(alone ? first.text() : whole(words.getFirst(), run.line().heredocs()));
            }
        }
        boolean shell = run.command().shell() && script.isEmpty();
        List<String> command = shell ? configuration.shelled(words.getFirst()) : words;
        var visible = new ArrayList<String>();
        declared.forEach((name, value) -> {
            if (value.isPresent() && configuration.variable(name).isEmpty()) {
                visible.add(name + "=" + value.get());
            }
        });
        var environment = new ArrayList<>(configuration.environment());
        environment.addAll(visible);
        var mounts = new ArrayList<Operation.Mounted>();
        for (String text : run.mounts()) {
            mounts.add(mounted(text, line));
        }
        var operation = new Operation.Exec(command, environment, arguments.proxies(), configuration.user(), configuration.directory(), mounts,
                switch (run.network().orElse("default")) {
                    case "none" -> Operation.Network.NONE;
                    case "host" -> Operation.Network.HOST;
                    default -> Operation.Network.DEFAULT;
                }, run.security().filter("insecure"::equals).isPresent(), script);
        String history = "RUN " + (visible.isEmpty() ? "" : "|" + visible.size() + " " + String.join(" ", visible) + " ") + String.join(" ", command);
        steps.add(new Step(run.line(), title(run), history, Optional.of(operation)));
    }

    /** Several documents, or one among other words, are for the shell to understand. */
    private static String whole(String command, List<Heredoc> documents) {
        var text = new StringBuilder(command);
        for (Heredoc document : documents) {
            text.append('\n').append(document.content()).append(document.name());
        }
        return text.toString();
    }

    private Operation.Mounted mounted(String text, int line) {
        var fields = new ArrayList<String>();
        for (String field : dev.carafe.build.dockerfile.CommaFields.of(text)) {
            if (field.startsWith("from=")) {
                fields.add("from=" + constant(field.substring(5), line));
            } else {
                fields.add(word(field));
            }
        }
        RunMount mount = RunMount.parse(String.join(",", fields), line);
        Optional<Origin> from = switch (mount) {
            case RunMount.Bind bind -> Optional.of(bind.from().isPresent() ? graph.origin(bind.from().get(), stage.index()) : new Origin.Context(""));
            case RunMount.Cache cache -> cache.from().map(name -> graph.origin(name, stage.index()));
            case RunMount.Tmpfs tmpfs -> Optional.empty();
            case RunMount.Secret secret -> Optional.empty();
            case RunMount.Ssh ssh -> Optional.empty();
        };
        return new Operation.Mounted(mount, from);
    }
}
