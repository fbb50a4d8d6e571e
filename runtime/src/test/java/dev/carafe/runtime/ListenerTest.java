package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.ContainerProcessState;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompRule;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.State;
import dev.carafe.plan.Planner;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A filter that asks an agent: the test is the agent. */
class ListenerTest extends ContainerTest {
    /** struct seccomp_notif: id, pid, flags, struct seccomp_data; _IOWR('!', 0, 80) and _IOWR('!', 1, 24). */
    private static final long NOTIF_RECV = 0xc050_2100L;
    private static final long NOTIF_SEND = 0xc018_2101L;
    private static final int EACCES = 13;

    private String socket() {
        return run.resolve("agent").toString();
    }

    private Spec asking(Spec spec, String... calls) {
        return TestBundle.linux(spec, l -> l.seccomp(Seccomp.builder(SeccompAction.SCMP_ACT_ALLOW).listenerPath(socket()).listenerMetadata("meta \"pid\":0,")
                .syscalls(List.of(new SeccompRule(List.of(calls), SeccompAction.SCMP_ACT_NOTIFY, Optional.empty(), List.of()))).build()));
    }

    /** What one connection brought. */
    private record Handed(ContainerProcessState state, Fd listener) implements AutoCloseable {
        @Override
        public void close() {
            listener.close();
        }
    }

    private Fd listen() {
        var socket = new Fd(KERNEL, (int) Kernel.check(KERNEL.call(SystemCall.SOCKET, 1, 1, 0), "make", "socket"));
        byte[] path = socket().getBytes(StandardCharsets.UTF_8);
        try (Memory address = KERNEL.allocate(path.length + 3)) {
            address.bytes().order(ByteOrder.nativeOrder()).putShort(0, (short) 1).put(2, path);
            Kernel.check(KERNEL.call(SystemCall.BIND, socket.number(), address.address(), path.length + 3), "bind", "socket");
        }
        Kernel.check(KERNEL.call(SystemCall.LISTEN, socket.number(), 4), "listen", "socket");
        return socket;
    }

    private Handed accept(Fd server) {
        int connection = (int) Kernel.check(KERNEL.call(SystemCall.ACCEPT4, server.number(), 0, 0, 0), "accept", "agent");
        var text = new ByteArrayOutputStream();
        int listener = -1;
        try (Memory memory = KERNEL.allocate(8192)) {
            ByteBuffer bytes = memory.bytes().order(ByteOrder.nativeOrder());
            long at = memory.address();
            while (true) {
                // struct msghdr at 0, struct iovec at 64, the control part at 128, the data at 256.
                bytes.putLong(0, 0).putLong(8, 0).putLong(16, at + 64).putLong(24, 1).putLong(32, at + 128).putLong(40, 64).putLong(48, 0)
                        .putLong(64, at + 256).putLong(72, 4096);
                int n = (int) Kernel.check(KERNEL.call(SystemCall.RECVMSG, connection, at, 0), "receive", "state");
                if (n == 0) {
                    break;
                }
                assertThat(text.size()).as("agents receive the state with one call").isZero();
                if (bytes.getLong(40) >= 20) {
                    assertThat(listener).isEqualTo(-1);
                    assertThat(text.size()).isZero();
                    listener = bytes.getInt(144);
                }
                var chunk = new byte[n];
                bytes.get(256, chunk);
                text.writeBytes(chunk);
            }
        }
        KERNEL.call(SystemCall.CLOSE, connection);
        return new Handed(ContainerProcessState.parse(Fields.of("state", Json.parseObject("state", text.toString(StandardCharsets.UTF_8)))),
                new Fd(KERNEL, listener));
    }

    /** Answers one call: with that error number, or so that the kernel performs it. */
    private static int answer(Handed handed, int errno) {
        try (Memory memory = KERNEL.allocate(128)) {
            ByteBuffer bytes = memory.bytes().order(ByteOrder.nativeOrder());
            Kernel.check(KERNEL.call(SystemCall.IOCTL, handed.listener.number(), NOTIF_RECV, memory.address()), "receive", "call");
            int call = bytes.getInt(16);
            long id = bytes.getLong(0);
            bytes.putLong(0, id).putLong(8, 0).putInt(16, -errno).putInt(20, errno == 0 ? 1 : 0);
            Kernel.check(KERNEL.call(SystemCall.IOCTL, handed.listener.number(), NOTIF_SEND, memory.address()), "answer", "call");
            return call;
        }
    }

    @Test
    void theAgentGetsTheListenerAndTheStateAndDecides() throws Exception {
        Spec spec = asking(TestBundle.process(shell("mkdir /tmp/no; mkdir /tmp/yes && ls /tmp && rmdir /tmp/yes"), p -> p.noNewPrivileges(true)), "mkdir", "mkdirat")
                .toBuilder().annotations(Map.of("k", "v")).build();
        try (Fd server = listen()) {
            CompletableFuture<Handed> agent = CompletableFuture.supplyAsync(() -> {
                Handed handed = accept(server);
                answer(handed, EACCES);
                answer(handed, 0);
                return handed;
            });
            try (Running running = start(spec)) {
                Ended ended = running.await();
                assertThat(ended.err()).contains("Permission denied");
                assertThat(ended.out()).isEqualTo("yes\n");
                int init = ended.execution().init();
                try (Handed handed = agent.get()) {
                    assertThat(handed.state()).isEqualTo(new ContainerProcessState(spec.ociVersion(), List.of("seccompFd"), init, Optional.of("meta \"pid\":0,"),
                            State.builder(spec.ociVersion(), id, State.Status.CREATING, state.toString()).pid(init).annotations(Map.of("k", "v")).build()));
                }
            }
        }
    }

    /** The program's own start is a call too. */
    @Test
    void callsThatInitItselfMakesAreAskedAboutToo() throws Exception {
        for (boolean nothingNew : new boolean[] {true, false}) {
            Spec spec = asking(TestBundle.process(bundle("/bin/true"), p -> p.noNewPrivileges(nothingNew)), "execve", "futex", "capset");
            try (Fd server = listen()) {
                CompletableFuture<Integer> agent = CompletableFuture.supplyAsync(() -> {
                    try (Handed handed = accept(server)) {
                        int calls = 0;
                        while (answer(handed, 0) != SystemCall.EXECVE.number()) {
                            calls++;
                        }
                        return calls;
                    }
                });
                assertThat(run(spec).exit().code()).isZero();
                assertThat(agent.get()).isPositive();
            }
            java.nio.file.Files.delete(java.nio.file.Path.of(socket()));
        }
    }

    @Test
    void anAgentThatDoesNotListenFailsTheStart() {
        assertThat(refusal(asking(shell("sleep 100"), "mkdir"))).hasMessageContaining("send the listener of the system call filter to \"" + socket() + "\": no such file")
                .hasMessageContaining("linux.seccomp.listenerPath");
        leftovers.assertNone("after the agent was not there");
    }

    @Test
    void aFurtherProcessAsksToo() throws Exception {
        Spec spec = asking(shell("sleep 100"), "mkdir", "mkdirat");
        try (Fd server = listen()) {
            CompletableFuture<Handed> first = CompletableFuture.supplyAsync(() -> accept(server));
            try (Running running = start(spec); Handed ignored = first.get()) {
                CompletableFuture<Handed> second = CompletableFuture.supplyAsync(() -> {
                    Handed handed = accept(server);
                    answer(handed, EACCES);
                    return handed;
                });
                var own = java.nio.file.Files.createDirectories(work.resolve(id + "-exec"));
                var launch = new dev.carafe.plan.Launch(id, launch().root(), own.toString(), own.toString(), Optional.of(dev.carafe.plan.LogFile.of(log().toString())), false, false, Optional.empty());
                var exec = Planner.exec(shell("mkdir /tmp/x").process().orElseThrow(), spec.linux().orElseThrow(), running.init(), launch, host);
                try (Running more = start(exec, SessionStreams.NONE)) {
                    more.performance.awaitEnd();
                    try (Handed handed = second.get()) {
                        assertThat(handed.state().pid()).isEqualTo(more.init());
                        assertThat(handed.state().state().pid()).contains(running.init());
                        assertThat(handed.state().state().status()).isEqualTo(State.Status.RUNNING);
                    }
                    assertThat(more.execution().exit().orElseThrow().code()).isEqualTo(1);
                }
                remove(own);
            }
        }
    }

    @Test
    void withoutASocketTheBundleIsRefused() {
        Fault fault = refusal(TestBundle.linux(shell("true"), l -> l.seccomp(Seccomp.builder(SeccompAction.SCMP_ACT_ALLOW)
                .syscalls(List.of(new SeccompRule(List.of("mkdir"), SeccompAction.SCMP_ACT_NOTIFY, Optional.empty(), List.of()))).build())));
        assertThat(fault).hasMessage("config.json linux.seccomp.listenerPath: required, since a rule says SCMP_ACT_NOTIFY (runtime-spec config-linux.md#seccomp)");
    }
}
