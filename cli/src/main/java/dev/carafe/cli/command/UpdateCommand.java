package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Numbers;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.LimitUpdate;
import dev.carafe.engine.RestartPolicy;
import java.util.List;
import java.util.Optional;

/** {@code carafe update}: other limits for containers, in force at once where they run. */
final class UpdateCommand implements Command {
    private static final List<String> FLAGS = List.of("blkio-weight", "cpu-period", "cpu-quota", "cpu-rt-period", "cpu-rt-runtime", "cpu-shares", "cpus",
            "cpuset-cpus", "cpuset-mems", "memory", "memory-reservation", "memory-swap", "pids-limit", "restart");
    private static final CommandSpec SPEC = CommandSpec.builder("carafe update", "Give containers other limits")
            .aliases("carafe container update").operands("[OPTIONS] CONTAINER [CONTAINER...]", 1, CommandSpec.ANY)
            .options(Option.of(Type.UINT16, "blkio-weight", "Share of block I/O, 10 to 1000").initially("0"),
                    Option.of(Type.INT, "cpu-period", "Microseconds that the CPU quota is for"),
                    Option.of(Type.INT, "cpu-quota", "Microseconds of CPU time in each period"),
                    Option.of(Type.INT, "cpu-rt-period", "Microseconds that the real-time runtime is for"),
                    Option.of(Type.INT, "cpu-rt-runtime", "Microseconds of real-time CPU time in each period"),
                    Option.of(Type.INT, 'c', "cpu-shares", "Share of CPU time against others"),
                    Option.of(Type.DECIMAL, "cpus", "Number of CPUs"),
                    Option.of(Type.TEXT, "cpuset-cpus", "CPUs that it may use (0-3, 0,1)"),
                    Option.of(Type.TEXT, "cpuset-mems", "Memory nodes that it may use (0-3, 0,1)"),
                    Option.of(Type.BYTES, 'm', "memory", "Most memory"),
                    Option.of(Type.BYTES, "memory-reservation", "Memory that is kept for it when memory is short"),
                    Option.of(Type.BYTES_OR_UNLIMITED, "memory-swap", "Most memory and swap together; -1: no limit"),
                    Option.of(Type.INT, "pids-limit", "Most tasks; -1: no limit"),
                    Option.of(Type.TEXT, "restart", "Whether it starts again when it ends"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        if (FLAGS.stream().noneMatch(values::given)) {
            throw Fault.invalid("update", "container", "you must provide one or more flags when using this command");
        }
        for (String realtime : List.of("cpu-rt-period", "cpu-rt-runtime")) {
            if (values.number(realtime) != 0) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "update", "--" + realtime, "this engine gives containers no real-time time").hint("leave the option out");
            }
        }
        var update = new LimitUpdate(bytes(values, "memory"), bytes(values, "memory-reservation"), bytes(values, "memory-swap"),
                values.textIfGiven("cpus").filter(s -> !s.isEmpty()).map(Numbers::parseNanos).filter(n -> n != 0), number(values, "cpu-shares"),
                number(values, "cpu-period"), number(values, "cpu-quota"), text(values, "cpuset-cpus"), text(values, "cpuset-mems"),
                number(values, "pids-limit"), number(values, "blkio-weight").map(Long::intValue), text(values, "restart").map(RestartPolicy::parse));
        return call.each(operands, operand -> {
            call.engine().containers().find(operand).update(update);
            call.console().out(operand + "\n");
        });
    }

    private static Optional<Long> number(Values values, String name) {
        return values.given(name) ? Optional.of(values.number(name)).filter(n -> n != 0) : Optional.empty();
    }

    private static Optional<String> text(Values values, String name) {
        return values.textIfGiven(name).filter(text -> !text.isEmpty());
    }

    private static Optional<Long> bytes(Values values, String name) {
        return text(values, name).map(text -> text.equals("-1") ? -1L : Numbers.parseBytes(text)).filter(n -> n != 0);
    }
}
