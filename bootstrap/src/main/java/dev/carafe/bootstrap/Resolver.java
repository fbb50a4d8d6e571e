package dev.carafe.bootstrap;

import dev.carafe.base.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds all packages that some need. Of alternatives, one that is chosen already will do, else the first that there is; a package goes before
 * another that only provides its name. Nothing is taken back: the base of a distribution has no conflicts within.
 */
final class Resolver {
    private final Map<String, DebPackage> newest = new HashMap<>();
    private final Map<String, List<DebPackage>> providers = new TreeMap<>();

    Resolver(Collection<DebPackage> all) {
        for (DebPackage each : all) {
            newest.merge(each.name(), each, (one, other) -> one.version().compareTo(other.version()) >= 0 ? one : other);
        }
        for (DebPackage each : newest.values().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList()) {
            each.provides().forEach(name -> providers.computeIfAbsent(name.name(), n -> new ArrayList<>()).add(each));
        }
    }

    Collection<DebPackage> all() {
        return newest.values();
    }

    /** These and what they need, by name in the order of the alphabet. */
    Map<String, DebPackage> closure(Collection<String> wanted) {
        var chosen = new TreeMap<String, DebPackage>();
        var waiting = new ArrayDeque<DebPackage>();
        for (String name : wanted) {
            DebPackage found = best(new DebPackage.Need(name, "", "")).orElseThrow(() -> Fault.notFound("find package", "\"" + name + "\"", "the archive has none of that name"));
            if (chosen.putIfAbsent(found.name(), found) == null) {
                waiting.add(found);
            }
        }
        while (!waiting.isEmpty()) {
            DebPackage next = waiting.remove();
            for (List<DebPackage.Need> alternatives : next.depends()) {
                if (alternatives.stream().anyMatch(need -> chosen.values().stream().anyMatch(has -> satisfies(has, need)))) {
                    continue;
                }
                DebPackage found = alternatives.stream().flatMap(need -> best(need).stream()).findFirst().orElseThrow(() -> Fault.notFound("find package", "\"" + alternatives.getFirst().name() + "\"",
                        "the archive has none that suits " + next.name()));
                chosen.put(found.name(), found);
                waiting.add(found);
            }
        }
        return chosen;
    }

    private Optional<DebPackage> best(DebPackage.Need need) {
        DebPackage itself = newest.get(need.name());
        if (itself != null && need.holds(itself.version())) {
            return Optional.of(itself);
        }
        return providers.getOrDefault(need.name(), List.of()).stream().filter(each -> satisfies(each, need)).findFirst();
    }

    /** A name that is provided has a version only where that is told. */
    private static boolean satisfies(DebPackage has, DebPackage.Need need) {
        if (has.name().equals(need.name())) {
            return need.holds(has.version());
        }
        return has.provides().stream().anyMatch(name -> name.name().equals(need.name()) && (need.relation().isEmpty() || !name.version().isEmpty() && need.holds(new DebVersion(name.version()))));
    }
}
