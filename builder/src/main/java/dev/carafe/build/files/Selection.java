package dev.carafe.build.files;

import dev.carafe.base.Fault;
import dev.carafe.build.files.FileTree.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files that the sources of an instruction mean.
 *
 * @param tree where they are
 * @param picks what each source or each match of a pattern leads to, in order
 * @param exclude what of them is left out
 */
public record Selection(FileTree tree, List<Pick> picks, IgnoreRules exclude) {
    /**
     * One source.
     *
     * @param from where the path of a file within this source begins: its own directory, or with {@code --parents} the pivot
     * @param found the file or directory
     */
    public record Pick(String from, Found found) {
    }

    public Selection {
        picks = List.copyOf(picks);
    }

    /**
     * Looks for them.
     *
     * @param parents whether the directories above sources count as part of their names
     * @throws Fault NOT_FOUND when a source that is no pattern is not there
     */
    public static Selection of(FileTree tree, List<String> sources, boolean parents, List<String> exclude) {
        var picks = new ArrayList<Pick>();
        for (String source : sources) {
            int pivot = parents ? source.indexOf("/./") : -1;
            String from = pivot < 0 ? "" : FileTree.clean(source.substring(0, pivot));
            String path = FileTree.clean(source);
            if (PathPattern.isPattern(path)) {
                for (String match : matches(tree, path)) {
                    add(tree, source, match, parents ? from : null, picks);
                }
            } else {
                add(tree, source, path, parents ? from : null, picks);
            }
        }
        return new Selection(tree, picks, IgnoreRules.of(exclude));
    }

    private static void add(FileTree tree, String source, String path, @org.jspecify.annotations.Nullable String from, List<Pick> picks) {
        Optional<Found> found = tree.followed(path).filter(f -> tree.counts(path) && (tree.counts(f.path()) || f.isDirectory() && tree.ignored().mayTakeIn()));
        if (found.isEmpty()) {
            throw Fault.notFound("failed to compute cache key", "", "\"/" + path + "\": not found" + (tree.at(path).isPresent() ? " (it is excluded by .dockerignore, or a link that leads nowhere)" : ""));
        }
        picks.add(new Pick(from != null ? from : found.get().isDirectory() ? found.get().path() : FileTree.parent(found.get().path()), new Found(found.get().path(), found.get().stat())));
    }

    /** The paths that match, component by component, so that only directories that may hold one are read. */
    private static List<String> matches(FileTree tree, String glob) {
        if (glob.contains("**")) {
            Pattern whole = PathPattern.of(glob);
            var all = new ArrayList<String>();
            everything(tree, "", whole, all);
            return all;
        }
        List<String> found = List.of("");
        for (String part : glob.split("/")) {
            var next = new ArrayList<String>();
            Pattern pattern = PathPattern.of(part);
            for (String directory : found) {
                if (!PathPattern.isPattern(part)) {
                    tree.at(FileTree.below(directory, part)).ifPresent(f -> next.add(f.path()));
                    continue;
                }
                for (Found child : tree.list(directory)) {
                    if (pattern.matcher(child.name()).matches()) {
                        next.add(child.path());
                    }
                }
            }
            found = next.stream().filter(tree::counts).toList();
        }
        return found;
    }

    private static void everything(FileTree tree, String directory, Pattern pattern, List<String> into) {
        for (Found child : tree.list(directory)) {
            if (pattern.matcher(child.path()).matches()) {
                into.add(child.path());
            } else if (child.isDirectory()) {
                everything(tree, child.path(), pattern, into);
            }
        }
    }

    /** Told of each file that is meant, parents first. */
    public interface Visitor {
        /** @param inner its path within its source, empty for a source that is a directory */
        void visit(Pick pick, Found found, String inner);
    }

    /** Goes through all of it. */
    public void walk(Visitor visitor) {
        for (Pick pick : picks) {
            walk(pick, pick.found(), visitor);
        }
    }

    private void walk(Pick pick, Found found, Visitor visitor) {
        String inner = inner(pick, found.path());
        boolean isSource = found.path().equals(pick.found().path()) && found.isDirectory();
        boolean out = !isSource && (!inner.isEmpty() && exclude.ignores(inner) || exclude.ignores(found.path()) || !tree.counts(found.path()));
        if (!found.isDirectory()) {
            if (!out) {
                visitor.visit(pick, found, inner);
            }
            return;
        }
        if (!out) {
            visitor.visit(pick, found, inner);
        } else if (!exclude.mayTakeIn() && !tree.ignored().mayTakeIn()) {
            return;
        }
        for (Found child : tree.list(found.path())) {
            walk(pick, child, visitor);
        }
    }

    private static String inner(Pick pick, String path) {
        if (path.equals(pick.from())) {
            return "";
        }
        return pick.from().isEmpty() ? path : path.startsWith(pick.from() + "/") ? path.substring(pick.from().length() + 1) : FileTree.name(path);
    }
}
