package dev.carafe.build.dockerfile;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parts a Dockerfile into instructions: directives, comments, continued lines and here-documents (Dockerfile reference, "Format").
 *
 * <p>Blank lines and comments within a continued instruction are left out, as BuildKit does with a warning for the former.
 */
final class LineReader {
    private static final int LONGEST = 65535;
    private static final Pattern COMMENT = Pattern.compile("^#.*$");

    private final List<String> lines;
    private final DirectiveReader directives = new DirectiveReader();
    private final List<Line> read = new ArrayList<>();
    private int at;

    /** What a file has, before its instructions are understood. */
    record Lines(Directives directives, List<Line> lines) {
    }

    private LineReader(String text) {
        lines = split(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /** @throws Fault INVALID in BuildKit's words, with the number of the line */
    static Lines read(String text) {
        var reader = new LineReader(text);
        reader.all();
        if (reader.read.isEmpty()) {
            throw ParseFault.file("file with no instructions");
        }
        return new Lines(reader.directives.directives(), List.copyOf(reader.read));
    }

    /** Each with the character that ends it, since here-documents keep that. */
    private static List<String> split(String text) {
        var list = new ArrayList<String>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int next = end < 0 ? text.length() : end + 1;
            if (next - start > LONGEST) {
                throw ParseFault.at(list.size() + 1, "dockerfile line greater than maximum allowed size of " + LONGEST);
            }
            list.add(text.substring(start, next));
            start = next;
        }
        return list;
    }

    private static String withoutEnd(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
            end--;
        }
        return line.substring(0, end);
    }

    private void all() {
        var comments = new ArrayList<String>();
        while (at < lines.size()) {
            String line = withoutEnd(lines.get(at++)).stripLeading();
            int start = at;
            directives.line(line, at);
            if (line.startsWith("#")) {
                comments.add(line.substring(1).strip());
                continue;
            }
            if (line.isEmpty()) {
                comments.clear();
                continue;
            }
            String whole = continued(line);
            if (whole.isBlank()) {
                continue;
            }
            Line parsed = LineWords.parse(whole, directives.directives().escape(), start);
            List<Heredoc> documents = parsed.takesHeredocs() && whole.contains("<<") ? heredocs(whole, start) : List.of();
            read.add(parsed.with(documents, start, at, comments));
            comments.clear();
        }
    }

    /** The line with those that continue it. */
    private String continued(String first) {
        char escape = directives.directives().escape();
        Pattern continuation = escape == '\\' ? Pattern.compile("([^\\\\])\\\\[ \\t]*$|^\\\\[ \\t]*$") : Pattern.compile("([^`])`[ \\t]*$|^`[ \\t]*$");
        var whole = new StringBuilder();
        boolean more = append(whole, first, continuation);
        while (more && at < lines.size()) {
            String line = withoutEnd(lines.get(at++));
            if (line.isBlank() || COMMENT.matcher(line.stripLeading()).matches()) {
                continue;
            }
            more = append(whole, line, continuation);
        }
        return whole.toString();
    }

    /** Whether the next line continues this one. */
    private static boolean append(StringBuilder whole, String line, Pattern continuation) {
        Matcher matcher = continuation.matcher(line);
        if (!matcher.find()) {
            whole.append(line);
            return false;
        }
        whole.append(line, 0, matcher.group(1) == null ? matcher.start() : matcher.end(1));
        return true;
    }

    private List<Heredoc> heredocs(String line, int start) {
        var found = new ArrayList<Heredoc>();
        for (String word : Expansion.of('\\').keepUnset().keepQuotes().keepEscapes().words(line, Variables.NONE)) {
            var announced = Heredoc.announced(word);
            if (announced.isPresent()) {
                found.add(announced.get().with(content(announced.get(), start)));
            }
        }
        return found;
    }

    private String content(Heredoc document, int start) {
        var content = new StringBuilder();
        while (at < lines.size()) {
            String line = lines.get(at++);
            String end = withoutEnd(line);
            if (document.chomp()) {
                int tabs = 0;
                while (tabs < end.length() && end.charAt(tabs) == '\t') {
                    tabs++;
                }
                end = end.substring(tabs);
            }
            if (end.equals(document.name())) {
                return content.toString();
            }
            content.append(line);
        }
        throw ParseFault.at(start, "unterminated heredoc");
    }
}
