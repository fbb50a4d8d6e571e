package dev.carafe.runtime.command;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Signal;
import dev.carafe.oci.runtime.State;
import dev.carafe.runtime.oci.OciContainer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The commands that do one thing to one container: start, state, kill, delete, pause, resume. */
final class SimpleCommands {
    private SimpleCommands() {
    }

    static final class Start implements Command {
        @Override
        public String usage() {
            return "start <container-id>";
        }

        @Override
        public List<Option> options() {
            return List.of();
        }

        @Override
        public int run(Invocation call, Options options) {
            Invocation.expect("start", options, 1, 1);
            call.container(options.operands().getFirst()).start();
            return 0;
        }
    }

    static final class Show implements Command {
        @Override
        public String usage() {
            return "state <container-id>";
        }

        @Override
        public List<Option> options() {
            return List.of();
        }

        @Override
        public int run(Invocation call, Options options) {
            Invocation.expect("state", options, 1, 1);
            call.printJson(document(call.container(options.operands().getFirst())));
            return 0;
        }
    }

    /** The state of the spec with what runc adds, in its order. */
    static JsonObject document(OciContainer container) {
        State state = container.state();
        var json = new JsonObject();
        json.addProperty("ociVersion", state.ociVersion());
        json.addProperty("id", state.id());
        json.addProperty("pid", state.pid().orElse(0));
        json.addProperty("status", state.status().toString());
        json.addProperty("bundle", state.bundle());
        json.addProperty("rootfs", container.rootfs());
        json.addProperty("created", container.created());
        if (!state.annotations().isEmpty()) {
            var annotations = new JsonObject();
            state.annotations().forEach(annotations::addProperty);
            json.add("annotations", annotations);
        }
        json.addProperty("owner", Owners.name(container.owner()));
        return json;
    }

    static final class Kill implements Command {
        @Override
        public String usage() {
            return "kill [options] <container-id> [signal]";
        }

        @Override
        public List<Option> options() {
            return List.of(Option.flag("all", 'a', "send it to all processes of the container"));
        }

        @Override
        public int run(Invocation call, Options options) {
            Invocation.expect("kill", options, 1, 2);
            OciContainer container = call.container(options.operands().getFirst());
            container.kill(signal(options.operands().size() < 2 ? "SIGTERM" : options.operands().get(1)), options.flag("all"));
            return 0;
        }

        private static int signal(String word) {
            try {
                return word.equals("0") ? 0 : Signal.parse(word).number();
            } catch (Fault unknown) {
                throw Fault.invalid("kill", "with \"" + word + "\"", "unknown signal \"" + word + "\"");
            }
        }
    }

    static final class Delete implements Command {
        @Override
        public String usage() {
            return "delete [options] <container-id>";
        }

        @Override
        public List<Option> options() {
            return List.of(Option.flag("force", 'f', "kill it if it still runs"), Option.flag("regex", 'r', "delete all whose id the expression is found in"));
        }

        @Override
        public int run(Invocation call, Options options) {
            Invocation.expect("delete", options, 1, 1);
            String id = options.operands().getFirst();
            boolean force = options.flag("force");
            if (!options.flag("regex")) {
                delete(call, id, force);
                return 0;
            }
            Pattern wanted;
            try {
                wanted = Pattern.compile(id);
            } catch (PatternSyntaxException e) {
                throw Fault.invalid("use", "--regex \"" + id + "\"", String.valueOf(e.getDescription()).toLowerCase(Locale.ROOT)).cause(e);
            }
            for (OciContainer container : call.runtime().containers()) {
                if (wanted.matcher(container.id()).find()) {
                    delete(call, container.id(), force);
                }
            }
            return 0;
        }

        private static void delete(Invocation call, String id, boolean force) {
            try {
                call.warn(call.container(id).delete(force));
            } catch (Fault fault) {
                boolean gone = fault.kind() == Fault.Kind.NOT_FOUND;
                if (!gone || !call.runtime().removeUnfinished(id) && !force) {
                    throw fault;
                }
                if (!force) {
                    throw fault;
                }
            }
        }
    }

    static final class Pause implements Command {
        @Override
        public String usage() {
            return "pause <container-id>";
        }

        @Override
        public List<Option> options() {
            return List.of();
        }

        @Override
        public int run(Invocation call, Options options) {
            Invocation.expect("pause", options, 1, 1);
            call.container(options.operands().getFirst()).pause();
            return 0;
        }
    }

    static final class Resume implements Command {
        @Override
        public String usage() {
            return "resume <container-id>";
        }

        @Override
        public List<Option> options() {
            return List.of();
        }

        @Override
        public int run(Invocation call, Options options) {
            Invocation.expect("resume", options, 1, 1);
            call.container(options.operands().getFirst()).resume();
            return 0;
        }
    }
}
