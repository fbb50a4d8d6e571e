package dev.carafe.build.dockerfile;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A here-document of an instruction (Dockerfile reference, "Here-Documents").
 *
 * @param name the word that ends it
 * @param content its lines, as they stand in the file
 * @param expand whether variables in it are replaced: not when any part of its word was quoted
 * @param chomp whether tabs that begin its lines are taken away: {@code <<-}
 * @param descriptor the number before {@code <<}, 0 where there is none
 */
public record Heredoc(String name, String content, boolean expand, boolean chomp, int descriptor) {
    private static final Pattern WORD = Pattern.compile("(\\d*)<<(-?)([^<]*)");
    private static final Pattern TABS = Pattern.compile("(?m)^\\t+");

    /** The document that a word of a line announces, still without content. */
    static Optional<Heredoc> announced(String word) {
        Matcher matcher = WORD.matcher(word);
        if (!matcher.matches() || matcher.group(3).isEmpty()) {
            return Optional.empty();
        }
        List<String> plain = Expansion.of('\\').keepUnset().words(matcher.group(3), Variables.NONE);
        List<String> raw = Expansion.of('\\').keepUnset().keepQuotes().words(matcher.group(3), Variables.NONE);
        if (plain.size() != 1 || raw.size() != 1) {
            return Optional.empty();
        }
        int descriptor = matcher.group(1).isEmpty() ? 0 : Integer.parseInt(matcher.group(1));
        return Optional.of(new Heredoc(plain.getFirst(), "", plain.getFirst().equals(raw.getFirst()), !matcher.group(2).isEmpty(), descriptor));
    }

    Heredoc with(String lines) {
        return new Heredoc(name, lines, expand, chomp, descriptor);
    }

    /** Its content without the tabs that it wants taken away. */
    public String text() {
        return chomp ? TABS.matcher(content).replaceAll("") : content;
    }
}
