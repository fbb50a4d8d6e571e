package dev.carafe.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** No engine: {@code true} as a plain child of the measuring shell. It tells what the measuring itself costs. */
public record Floor(CpuGroup group, Shell shell) implements Peer {
    private static final List<String> TRUE = List.of("/bin/busybox", "true");

    public static Floor prepare(Workplace place) throws IOException {
        CpuGroup group = place.group("floor");
        return new Floor(group, place.shell("floor", group, false, Map.of()));
    }

    @Override
    public String title() {
        return "no container";
    }

    @Override
    public List<String> run(String number) {
        return TRUE;
    }

    @Override
    public List<String> start(String number) {
        return TRUE;
    }

    @Override
    public List<String> exec(String number) {
        return TRUE;
    }

    @Override
    public List<String> remove(String number) {
        return TRUE;
    }
}
