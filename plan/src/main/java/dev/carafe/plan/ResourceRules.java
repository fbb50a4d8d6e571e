package dev.carafe.plan;

import dev.carafe.oci.runtime.BlockIo;
import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.HugepageLimit;
import dev.carafe.oci.runtime.InterfacePriority;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.NetworkLimits;
import dev.carafe.oci.runtime.RdmaLimit;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.ThrottleDevice;
import dev.carafe.oci.runtime.WeightDevice;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Limits that no controller could take, or that mean something else than they say (runtime-spec config-linux.md#control-groups). */
final class ResourceRules {
    private static final String FIELD = "linux.resources.";
    private static final long ALL = 0xffff_ffffL;

    private ResourceRules() {
    }

    static void check(Resources resources) {
        for (int k = 0; k < resources.devices().size(); k++) {
            device(resources.devices().get(k), FIELD + "devices[" + k + "]");
        }
        if (resources.memory().isPresent()) {
            memory(resources.memory().get());
        }
        if (resources.cpu().isPresent()) {
            cpu(resources.cpu().get());
        }
        if (resources.pids().isPresent()) {
            atLeastNone("pids.limit", resources.pids().get().limit(), "pids");
        }
        if (resources.blockIo().isPresent()) {
            blockIo(resources.blockIo().get());
        }
        Set<String> sizes = new HashSet<>();
        for (int k = 0; k < resources.hugepageLimits().size(); k++) {
            HugepageLimit huge = resources.hugepageLimits().get(k);
            String field = FIELD + "hugepageLimits[" + k + "].pageSize";
            if (!isPageSize(huge.pageSize())) {
                throw Rules.broken(field, "expected a size such as 2MB, found \"" + huge.pageSize() + "\"", Rules.LINUX + "huge-page-limits");
            }
            if (!sizes.add(huge.pageSize())) {
                throw Rules.broken(field, "pages of " + huge.pageSize() + " are limited twice", Rules.LINUX + "huge-page-limits");
            }
        }
        if (resources.network().isPresent()) {
            network(resources.network().get());
        }
        for (Map.Entry<String, RdmaLimit> rdma : resources.rdma().entrySet()) {
            String field = FIELD + "rdma[\"" + rdma.getKey() + "\"]";
            word(field, rdma.getKey(), "rdma");
            if (rdma.getValue().hcaHandles().isEmpty() && rdma.getValue().hcaObjects().isEmpty()) {
                throw Rules.broken(field, "expected hcaHandles or hcaObjects", Rules.LINUX + "rdma");
            }
        }
        for (Map.Entry<String, String> file : resources.unified().entrySet()) {
            String name = file.getKey();
            String field = FIELD + "unified[\"" + name + "\"]";
            if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('.') <= 0 || name.startsWith("cgroup.")) {
                throw Rules.broken(field, "expected the file of a controller, such as memory.high", Rules.LINUX + "unified");
            }
            Rules.text(field, name, Rules.LINUX + "unified");
            Rules.text(field, file.getValue(), Rules.LINUX + "unified");
        }
    }

    private static void device(DeviceRule rule, String field) {
        number(field + ".major", rule.major());
        number(field + ".minor", rule.minor());
    }

    private static void number(String field, Optional<Long> number) {
        if (number.isPresent()) {
            Rules.between(field, number.get(), -1, ALL, Rules.LINUX + "allowed-device-list");
        }
    }

    private static void memory(MemoryLimits memory) {
        atLeastNone("memory.limit", memory.limit(), "memory");
        atLeastNone("memory.reservation", memory.reservation(), "memory");
        atLeastNone("memory.swap", memory.swap(), "memory");
        atLeastNone("memory.kernel", memory.kernel(), "memory");
        atLeastNone("memory.kernelTCP", memory.kernelTcp(), "memory");
        if (memory.swappiness().isPresent()) {
            Rules.between(FIELD + "memory.swappiness", memory.swappiness().get() < 0 ? Long.MAX_VALUE : memory.swappiness().get(), 0, 100, Rules.LINUX + "memory");
        }
        long limit = memory.limit().orElse(0L);
        long swap = memory.swap().orElse(0L);
        if (limit > 0 && swap > 0 && swap < limit) {
            throw Rules.broken(FIELD + "memory.swap", "memory and swap together, " + swap + ", cannot be less than memory alone, " + limit, Rules.LINUX + "memory");
        }
    }

    /** -1 stands for no limit. */
    private static void atLeastNone(String name, Optional<Long> value, String section) {
        if (value.isPresent()) {
            Rules.between(FIELD + name, value.get(), -1, Long.MAX_VALUE, Rules.LINUX + section);
        }
    }

    private static void cpu(CpuLimits cpu) {
        String section = Rules.LINUX + "cpu";
        if (cpu.idle().isPresent()) {
            Rules.between(FIELD + "cpu.idle", cpu.idle().get(), 0, 1, section);
        }
        atLeastNone("cpu.quota", cpu.quota(), "cpu");
        long period = cpu.period().orElse(0L);
        if (period < 0 || period > 1_000_000 || period > 0 && period < 1_000) {
            throw Rules.broken(FIELD + "cpu.period", "expected 1000 to 1000000 microseconds, found " + Long.toUnsignedString(period), section);
        }
        atLeastNone("cpu.realtimeRuntime", cpu.realtimeRuntime(), "cpu");
        NumberLists.check(cpu.cpus(), FIELD + "cpu.cpus", section);
        NumberLists.check(cpu.mems(), FIELD + "cpu.mems", section);
    }

    private static void blockIo(BlockIo io) {
        weight("weight", io.weight());
        weight("leafWeight", io.leafWeight());
        for (int k = 0; k < io.weightDevice().size(); k++) {
            WeightDevice device = io.weightDevice().get(k);
            String name = "weightDevice[" + k + "]";
            disk(name, device.major(), device.minor());
            weight(name + ".weight", device.weight());
            weight(name + ".leafWeight", device.leafWeight());
            if (device.weight().isEmpty() && device.leafWeight().isEmpty()) {
                throw Rules.broken(FIELD + "blockIO." + name, "expected weight or leafWeight", Rules.LINUX + "block-io");
            }
        }
        throttle("throttleReadBpsDevice", io.throttleReadBps());
        throttle("throttleWriteBpsDevice", io.throttleWriteBps());
        throttle("throttleReadIOPSDevice", io.throttleReadIops());
        throttle("throttleWriteIOPSDevice", io.throttleWriteIops());
    }

    /** 0 is what engines write for none. */
    private static void weight(String name, Optional<Integer> weight) {
        if (weight.isPresent() && weight.get() != 0) {
            Rules.between(FIELD + "blockIO." + name, weight.get(), 10, 1000, Rules.LINUX + "block-io");
        }
    }

    private static void throttle(String name, List<ThrottleDevice> devices) {
        for (int k = 0; k < devices.size(); k++) {
            disk(name + "[" + k + "]", devices.get(k).major(), devices.get(k).minor());
        }
    }

    private static void disk(String name, long major, long minor) {
        Rules.between(FIELD + "blockIO." + name + ".major", major, 0, ALL, Rules.LINUX + "block-io");
        Rules.between(FIELD + "blockIO." + name + ".minor", minor, 0, ALL, Rules.LINUX + "block-io");
    }

    private static boolean isPageSize(String size) {
        int digits = 0;
        while (digits < size.length() && size.charAt(digits) >= '0' && size.charAt(digits) <= '9') {
            digits++;
        }
        String unit = size.substring(digits);
        return digits > 0 && size.charAt(0) != '0' && (unit.equals("KB") || unit.equals("MB") || unit.equals("GB"));
    }

    private static void network(NetworkLimits network) {
        Set<String> names = new HashSet<>();
        for (int k = 0; k < network.priorities().size(); k++) {
            InterfacePriority priority = network.priorities().get(k);
            String field = FIELD + "network.priorities[" + k + "].name";
            LinuxRules.interfaceName(field, priority.name(), Rules.LINUX + "network");
            if (!names.add(priority.name())) {
                throw Rules.broken(field, "\"" + priority.name() + "\" has a priority already", Rules.LINUX + "network");
            }
        }
    }

    private static void word(String field, String word, String section) {
        boolean valid = !word.isEmpty();
        for (int k = 0; k < word.length(); k++) {
            valid &= word.charAt(k) > ' ';
        }
        if (!valid) {
            throw Rules.broken(field, "expected the name of a device", Rules.LINUX + section);
        }
    }
}
