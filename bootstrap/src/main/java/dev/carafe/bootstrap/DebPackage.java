package dev.carafe.bootstrap;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A package of an archive (deb-control(5)).
 *
 * @param depends what must be there for it, before it or not: of each list of alternatives, one
 * @param provides names that it stands for
 */
record DebPackage(String name, DebVersion version, String priority, boolean essential, List<List<Need>> depends, List<Need> provides, URI file, long size, String sha256) {
    /** A package by its name, and perhaps which versions of it. @param relation one of {@code <<}, {@code <=}, {@code =}, {@code >=}, {@code >>}, or empty */
    record Need(String name, String relation, String version) {
        boolean holds(DebVersion other) {
            int order = relation.isEmpty() ? 0 : other.compareTo(new DebVersion(version));
            return switch (relation) {
                case "<<" -> order < 0;
                case "<=" -> order <= 0;
                case "=" -> order == 0;
                case ">=" -> order >= 0;
                case ">>" -> order > 0;
                default -> true;
            };
        }
    }

    static DebPackage of(Map<String, String> fields, URI archive) {
        var depends = new ArrayList<List<Need>>();
        depends.addAll(needs(fields.getOrDefault("pre-depends", "")));
        depends.addAll(needs(fields.getOrDefault("depends", "")));
        var provides = new ArrayList<Need>();
        needs(fields.getOrDefault("provides", "")).forEach(provides::addAll);
        return new DebPackage(fields.getOrDefault("package", ""), new DebVersion(fields.getOrDefault("version", "")), fields.getOrDefault("priority", "optional"),
                fields.getOrDefault("essential", "no").equals("yes"), depends, provides, archive.resolve(fields.getOrDefault("filename", "").replace("+", "%2B").replace("~", "%7E")),
                Long.parseLong(fields.getOrDefault("size", "0")), fields.getOrDefault("sha256", ""));
    }

    /** {@code a (>= 1) | b:any, c}. */
    static List<List<Need>> needs(String text) {
        var all = new ArrayList<List<Need>>();
        for (String part : text.split(",")) {
            var alternatives = new ArrayList<Need>();
            for (String alternative : part.split("\\|")) {
                String plain = alternative.strip();
                if (plain.isEmpty()) {
                    continue;
                }
                int open = plain.indexOf('(');
                int close = plain.indexOf(')');
                String name = (open < 0 ? plain : plain.substring(0, open)).strip().split("[:\\s\\[]")[0];
                String[] condition = open < 0 || close < open ? new String[0] : plain.substring(open + 1, close).strip().split("\\s+");
                alternatives.add(condition.length == 2 ? new Need(name, condition[0], condition[1]) : new Need(name, "", ""));
            }
            if (!alternatives.isEmpty()) {
                all.add(alternatives);
            }
        }
        return all;
    }
}
