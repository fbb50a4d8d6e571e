package dev.carafe.build.dockerfile;

import java.util.List;
import java.util.Optional;

/** An instruction with its arguments understood, variables not replaced yet (Dockerfile reference, "Overview"). */
public sealed interface Instruction {
    /** Where it stands. */
    Line line();

    /** Its name in capitals. */
    default String keyword() {
        return line().keyword().toUpperCase(java.util.Locale.ROOT);
    }

    /** A name and what it is set to. */
    record Pair(String name, String value) {
    }

    /**
     * A command.
     *
     * @param shell whether the single word is for the shell
     */
    record Command(List<String> words, boolean shell) {
        public Command {
            words = List.copyOf(words);
        }
    }

    /** FROM. @param image a reference, or the name of an earlier stage */
    record From(Line line, String image, Optional<String> stage, Optional<String> platform) implements Instruction {
    }

    /** RUN. @param mounts each as it is written, see {@link RunMount} */
    record Run(Line line, Command command, List<String> mounts, Optional<String> network, Optional<String> security) implements Instruction {
        public Run {
            mounts = List.copyOf(mounts);
        }
    }

    /** CMD. */
    record Cmd(Line line, Command command) implements Instruction {
    }

    /** ENTRYPOINT. */
    record Entrypoint(Line line, Command command) implements Instruction {
    }

    /** LABEL. @param alone whether it is the old form, in which values are taken as they are */
    record Label(Line line, List<Pair> pairs, boolean alone) implements Instruction {
        public Label {
            pairs = List.copyOf(pairs);
        }
    }

    /** ENV. @param alone whether it is the old form of one pair */
    record Env(Line line, List<Pair> pairs, boolean alone) implements Instruction {
        public Env {
            pairs = List.copyOf(pairs);
        }
    }

    /** One name of ARG. */
    record Declared(String name, Optional<String> value) {
    }

    /** ARG. */
    record Arg(Line line, List<Declared> names) implements Instruction {
        public Arg {
            names = List.copyOf(names);
        }
    }

    /** EXPOSE. */
    record Expose(Line line, List<String> ports) implements Instruction {
        public Expose {
            ports = List.copyOf(ports);
        }
    }

    /** VOLUME. */
    record Volume(Line line, List<String> paths) implements Instruction {
        public Volume {
            paths = List.copyOf(paths);
        }
    }

    /** USER. */
    record User(Line line, String user) implements Instruction {
    }

    /** WORKDIR. */
    record Workdir(Line line, String path) implements Instruction {
    }

    /** STOPSIGNAL. */
    record StopSignal(Line line, String signal) implements Instruction {
    }

    /** SHELL. */
    record Shell(Line line, List<String> words) implements Instruction {
        public Shell {
            words = List.copyOf(words);
        }
    }

    /** MAINTAINER, which is out of use. */
    record Maintainer(Line line, String author) implements Instruction {
    }

    /** HEALTHCHECK. */
    record Health(Line line, dev.carafe.oci.Healthcheck check) implements Instruction {
    }

    /** ONBUILD. @param trigger the instruction for images that are made of this one, as it is written */
    record OnBuild(Line line, String trigger) implements Instruction {
    }

    /**
     * COPY and ADD.
     *
     * @param add whether archives are unpacked and addresses fetched
     * @param sources paths, patterns, addresses, or the words that announce here-documents
     * @param options what its flags say
     */
    record Copy(Line line, boolean add, List<String> sources, String destination, CopyFlags options) implements Instruction {
        public Copy {
            sources = List.copyOf(sources);
        }
    }
}
