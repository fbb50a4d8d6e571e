package dev.carafe.runtime.systemd;

import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.plan.CgroupUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Limits in the words of systemd.resource-control(5). systemd writes its own values to the files of a group when it pleases, so that it must know those that
 * are in force; what it has no word for is written to the files alone, and it leaves that as it is.
 */
final class ScopeProperties {
    private static final long INFINITY = -1;
    private static final long DEFAULT_PERIOD = 100_000;

    private final List<Consumer<BusMessage.Writer>> properties = new ArrayList<>();

    /** Those of a new scope that holds that process. */
    static ScopeProperties scope(String id, String slice, int process, Optional<Resources> resources, boolean v2) {
        var all = new ScopeProperties();
        all.add("Description", "s", value -> value.text("container " + id));
        all.add("Slice", "s", value -> value.text(slice));
        all.truth("Delegate");
        all.add("PIDs", "au", value -> value.array(4, one -> one.number(process)));
        all.truth("MemoryAccounting");
        all.truth("CPUAccounting");
        all.truth(v2 ? "IOAccounting" : "BlockIOAccounting");
        all.truth("TasksAccounting");
        all.add("DefaultDependencies", "b", value -> value.number(0));
        // A scope that failed is not kept for anybody to look at.
        all.add("CollectMode", "s", value -> value.text("inactive-or-failed"));
        resources.ifPresent(limits -> all.limits(limits, v2));
        return all;
    }

    /** Those that change with such limits. */
    static ScopeProperties of(Resources resources, boolean v2) {
        var all = new ScopeProperties();
        all.limits(resources, v2);
        return all;
    }

    boolean isEmpty() {
        return properties.isEmpty();
    }

    /** As an array of structures of name and value: {@code a(sv)}. */
    void write(BusMessage.Writer writer) {
        writer.array(8, all -> {
            for (Consumer<BusMessage.Writer> property : properties) {
                property.accept(all);
            }
        });
    }

    private void add(String name, String signature, Consumer<BusMessage.Writer> value) {
        properties.add(writer -> value.accept(writer.align(8).text(name).signature(signature)));
    }

    private void truth(String name) {
        add(name, "b", value -> value.number(1));
    }

    private void number(String name, long number) {
        add(name, "t", value -> value.longNumber(number));
    }

    private void limits(Resources resources, boolean v2) {
        resources.memory().ifPresent(memory -> memory(memory, v2));
        resources.cpu().ifPresent(cpu -> cpu(cpu, v2));
        resources.pids().flatMap(pids -> pids.limit()).ifPresent(limit -> tasks(limit));
        resources.blockIo().flatMap(io -> io.weight()).filter(weight -> weight > 0 && !v2).ifPresent(weight -> number("BlockIOWeight", weight));
        if (v2) {
            resources.unified().forEach(this::unified);
        }
    }

    private void memory(MemoryLimits memory, boolean v2) {
        memory.limit().filter(limit -> limit != 0).ifPresent(limit -> number(v2 ? "MemoryMax" : "MemoryLimit", limit));
        if (v2) {
            memory.reservation().filter(low -> low != 0).ifPresent(low -> number("MemoryLow", low));
            memory.swap().filter(swap -> swap != 0).ifPresent(swap -> number("MemorySwapMax", swap < 0 ? INFINITY : Math.max(0, swap - memory.limit().orElse(0L))));
        }
    }

    private void cpu(CpuLimits cpu, boolean v2) {
        Optional<Long> shares = cpu.shares().filter(value -> value > 0);
        if (v2 && cpu.idle().orElse(0L) == 1) {
            // The weight of who runs only when nobody else wants to.
            number("CPUWeight", 0);
        } else if (shares.isPresent()) {
            number(v2 ? "CPUWeight" : "CPUShares", v2 ? CgroupUpdate.weight(shares.get()) : shares.get());
        }
        quota(cpu.quota().orElse(0L), cpu.period().filter(period -> period > 0));
        cpu.cpus().filter(list -> !list.isEmpty()).ifPresent(list -> mask("AllowedCPUs", list));
        cpu.mems().filter(list -> !list.isEmpty()).ifPresent(list -> mask("AllowedMemoryNodes", list));
    }

    /** systemd keeps whole hundredths of a processor, so the quota is rounded up to those; the exact one is written to the file afterwards. */
    private void quota(long quota, Optional<Long> period) {
        period.ifPresent(micros -> number("CPUQuotaPeriodUSec", micros));
        if (quota == 0 && period.isEmpty()) {
            return;
        }
        long perSecond = quota <= 0 ? INFINITY : (quota * 1_000_000 / period.orElse(DEFAULT_PERIOD) + 9_999) / 10_000 * 10_000;
        number("CPUQuotaPerSecUSec", perSecond);
    }

    private void tasks(long limit) {
        number("TasksMax", limit < 0 ? INFINITY : Math.max(1, limit));
    }

    /** A set of numbers as bytes, the first of which has 0 to 7. */
    private void mask(String name, String list) {
        List<Long> words = CgroupUpdate.mask(list);
        add(name, "ay", value -> value.array(1, bytes -> {
            for (long word : words) {
                for (int k = 0; k < 64; k += 8) {
                    bytes.octet((int) (word >>> k & 0xff));
                }
            }
        }));
    }

    /** Files that systemd has a word for; numbers that are none are for the kernel to refuse. */
    private void unified(String file, String text) {
        String value = text.strip();
        Optional<String> name = Optional.ofNullable(Map.of("memory.high", "MemoryHigh", "memory.low", "MemoryLow", "memory.min", "MemoryMin", "memory.max", "MemoryMax",
                "memory.swap.max", "MemorySwapMax", "cpu.weight", "CPUWeight", "pids.max", "TasksMax").get(file));
        try {
            if (name.isPresent()) {
                number(name.get(), value.equals("max") ? INFINITY : Long.parseLong(value));
            } else if (file.equals("cpu.max")) {
                String[] words = value.split(" +");
                quota(words[0].equals("max") ? -1 : Long.parseLong(words[0]), words.length < 2 ? Optional.empty() : Optional.of(Long.parseLong(words[1])));
            } else if (file.equals("cpuset.cpus")) {
                mask("AllowedCPUs", value);
            } else if (file.equals("cpuset.mems")) {
                mask("AllowedMemoryNodes", value);
            }
        } catch (NumberFormatException e) {
            // The file is written to as well.
        }
    }
}
