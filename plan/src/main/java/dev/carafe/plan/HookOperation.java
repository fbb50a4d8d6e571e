package dev.carafe.plan;

import dev.carafe.oci.runtime.Hook;
import dev.carafe.oci.runtime.State;
import java.util.List;

/**
 * The hooks of a bundle (runtime-spec config.md#posix-platform-hooks). Those of the runtime's namespaces are run by the monitor, those of
 * the container's by init; the two wait for each other where both have a part in the order.
 */
public sealed interface HookOperation extends Operation {
    /** When a hook runs, and where. */
    enum Kind {
        PRESTART("prestart"), CREATE_RUNTIME("createRuntime"), CREATE_CONTAINER("createContainer"), START_CONTAINER("startContainer"),
        POSTSTART("poststart"), POSTSTOP("poststop");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The field of the bundle. */
        public String word() {
            return word;
        }

        /** Whether it runs in the container's namespaces, where the container's process has another number. */
        public boolean inContainer() {
            return this == CREATE_CONTAINER || this == START_CONTAINER;
        }
    }

    /** The monitor makes what it and init will wait for each other with; before init is cloned. */
    record Prepare() implements HookOperation {
        @Override
        public String text() {
            return "make pipes to wait for hooks";
        }
    }

    /** The monitor waits until the container's file tree stands. */
    record AwaitTree() implements HookOperation {
        @Override
        public String text() {
            return "wait until the container's file tree stands";
        }
    }

    /** The monitor lets init go on. */
    record LetGo() implements HookOperation {
        @Override
        public String text() {
            return "let init go on";
        }
    }

    /** Init tells the monitor that the file tree stands, and waits until the monitor has run its hooks. */
    record AwaitMonitor() implements HookOperation {
        @Override
        public String text() {
            return "wait for the hooks in the runtime's namespaces";
        }
    }

    /**
     * Runs one program and waits for its end. It reads the state on its standard input, what it prints is kept for the message should it
     * fail, and no other descriptor is open. At its deadline it is killed, with the processes of its session that did not leave its group.
     *
     * @param index its place in the field of that kind
     * @param state what it is told; without a process that is added when it is known, as the hook's own namespace numbers it, but not after
     *     the end
     * @param confinement what init will do before it starts the container's program, done by the hook too
     */
    record Run(Kind kind, int index, Hook hook, State state, List<Operation> confinement) implements HookOperation {
        public Run {
            confinement = List.copyOf(confinement);
        }

        /** Whether the plan goes on when it fails: once the container is gone there is nothing left to stop. */
        public boolean mayFail() {
            return kind == Kind.POSTSTOP;
        }

        /** The field, such as {@code hooks.prestart[0]}. */
        public String field() {
            return "hooks." + kind.word() + "[" + index + "]";
        }

        @Override
        public String text() {
            List<String> args = hook.args();
            String rest = args.size() > 1 ? " " + Words.quoted(args.subList(1, args.size())) : "";
            return "run the " + kind.word() + " hook \"" + hook.path() + "\"" + rest
                    + (hook.timeout().isPresent() ? " for " + hook.timeout().get() + " s at most" : "");
        }
    }
}
