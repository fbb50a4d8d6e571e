package dev.carafe.build.graph;

import dev.carafe.build.dockerfile.Instruction;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.Healthcheck;
import dev.carafe.oci.ImageConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration of an image while the instructions of a stage change it. */
final class Configuration {
    private static final List<String> SHELL = List.of("/bin/sh", "-c");

    private ImageConfig image;
    private ContainerConfig config;
    private boolean cmdSet;

    Configuration(ImageConfig base) {
        image = base;
        config = base.config();
        if (variable("PATH").isEmpty()) {
            var environment = new ArrayList<>(config.env());
            environment.add(GraphCompiler.PATH);
            config = config.toBuilder().env(environment).build();
        }
    }

    ImageConfig image() {
        return image.toBuilder().config(config).build();
    }

    /** What the base image wants done first; it is taken out, since images of this one do not want it again. */
    List<String> takeTriggers() {
        List<String> triggers = config.onBuild();
        config = config.toBuilder().onBuild(List.of()).build();
        return triggers;
    }

    List<String> environment() {
        return config.env();
    }

    Optional<String> variable(String name) {
        for (String each : config.env()) {
            if (each.startsWith(name + "=")) {
                return Optional.of(each.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    /** In the place of an older value. */
    void setVariable(String name, String value) {
        var environment = new ArrayList<>(config.env());
        int at = -1;
        for (int k = 0; k < environment.size(); k++) {
            if (environment.get(k).startsWith(name + "=")) {
                at = k;
            }
        }
        if (at < 0) {
            environment.add(name + "=" + value);
        } else {
            environment.set(at, name + "=" + value);
        }
        config = config.toBuilder().env(environment).build();
    }

    void label(Map<String, String> labels) {
        var all = new LinkedHashMap<>(config.labels());
        all.putAll(labels);
        config = config.toBuilder().labels(all).build();
    }

    void author(String name) {
        image = image.toBuilder().author(name).build();
    }

    void expose(List<String> ports) {
        config = config.toBuilder().exposedPorts(with(config.exposedPorts(), ports)).build();
    }

    void volumes(List<String> paths) {
        config = config.toBuilder().volumes(with(config.volumes(), paths)).build();
    }

    private static List<String> with(List<String> some, List<String> more) {
        var all = new LinkedHashSet<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    String user() {
        return config.user().orElse("");
    }

    void user(String words) {
        config = config.toBuilder().user(words).build();
    }

    String directory() {
        return config.workingDir().filter(path -> !path.isEmpty()).orElse("/");
    }

    void directory(String path) {
        config = config.toBuilder().workingDir(path).build();
    }

    void stopSignal(String signal) {
        config = config.toBuilder().stopSignal(signal).build();
    }

    void shell(List<String> words) {
        config = config.toBuilder().shell(words).build();
    }

    /** The words by which the shell is asked to run that text. */
    List<String> shelled(String text) {
        var words = new ArrayList<>(config.shell().isEmpty() ? SHELL : config.shell());
        words.add(text);
        return words;
    }

    private List<String> words(Instruction.Command command) {
        return command.shell() ? shelled(command.words().getFirst()) : command.words();
    }

    List<String> cmd(Instruction.Command command) {
        cmdSet = true;
        config = config.toBuilder().cmd(words(command)).build();
        return config.cmd();
    }

    /** The command of the base was meant for the base's entry point. */
    List<String> entrypoint(Instruction.Command command) {
        var builder = config.toBuilder().entrypoint(words(command));
        if (!cmdSet) {
            builder.cmd(List.of());
        }
        config = builder.build();
        return config.entrypoint();
    }

    void health(Healthcheck check) {
        config = config.toBuilder().healthcheck(check).build();
    }

    void trigger(String instruction) {
        var triggers = new ArrayList<>(config.onBuild());
        triggers.add(instruction);
        config = config.toBuilder().onBuild(triggers).build();
    }
}
