package dev.carafe.cli.template;

import dev.carafe.cli.template.Token.Kind;
import dev.carafe.cli.text.Quote;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into words: the text between actions, and the words within them.
 *
 * <p>The first offence ends the list with a word of kind {@link Kind#ERROR}; otherwise it ends with {@link Kind#END}. Rules: the Go
 * documentation of text/template, sections "Text and spaces" and "Actions", and the Go specification for literals.
 */
final class Lexer {
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";
    private static final String COMMENT_START = "/*";
    private static final String COMMENT_END = "*/";

    private final String input;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int parens;

    private Lexer(String input) {
        this.input = input;
    }

    static List<Token> cut(String template) {
        var lexer = new Lexer(template);
        while (lexer.text()) {
            while (lexer.word()) { }
            if (lexer.ended()) {
                break;
            }
        }
        return lexer.tokens;
    }

    private boolean ended() {
        Kind last = tokens.getLast().kind();
        return last == Kind.ERROR || last == Kind.END;
    }

    /** The text up to the next action, and the action's opening; false when the template ends or is broken. */
    private boolean text() {
        while (true) {
            int open = input.indexOf(OPEN, at);
            boolean trims = open >= 0 && input.startsWith("-", open + 2) && isSpaceAt(open + 3);
            plain(open < 0 ? input.length() : open, trims);
            if (open < 0) {
                add(Kind.END, at, at);
                return false;
            }
            int inside = open + (trims ? 4 : 2);
            if (!input.startsWith(COMMENT_START, inside)) {
                add(Kind.OPEN, open, open + 2);
                countLines(at, inside);
                at = inside;
                parens = 0;
                return true;
            }
            if (!comment(inside)) {
                return false;
            }
        }
    }

    private void plain(int end, boolean trims) {
        int textEnd = end;
        while (trims && textEnd > at && isSpace(input.charAt(textEnd - 1))) {
            textEnd--;
        }
        if (textEnd > at) {
            add(Kind.TEXT, at, textEnd);
        }
        countLines(at, end);
        at = end;
    }

    private boolean comment(int start) {
        int end = input.indexOf(COMMENT_END, start + 2);
        if (end < 0) {
            return error("unclosed comment");
        }
        int close = end + 2;
        boolean trims = isSpaceAt(close) && input.startsWith("-" + CLOSE, close + 1);
        if (!trims && !input.startsWith(CLOSE, close)) {
            return error("comment ends before closing delimiter");
        }
        countLines(at, close);
        at = close + (trims ? 4 : 2);
        if (trims) {
            skipSpaces();
        }
        return true;
    }

    /** One word of an action; false when the action is over or broken. */
    private boolean word() {
        boolean trims = isSpaceAt(at) && input.startsWith("-" + CLOSE, at + 1);
        if (trims || input.startsWith(CLOSE, at)) {
            if (parens > 0) {
                return error("unclosed left paren");
            }
            add(Kind.CLOSE, at + (trims ? 2 : 0), at + (trims ? 4 : 2));
            at += trims ? 4 : 2;
            if (trims) {
                skipSpaces();
            }
            return false;
        }
        if (at >= input.length()) {
            return error("unclosed action");
        }
        int rune = input.codePointAt(at);
        return switch (rune) {
            case ' ', '\t', '\r', '\n' -> space();
            case '=' -> take(Kind.ASSIGN, 1);
            case ':' -> input.startsWith("=", at + 1) ? take(Kind.DECLARE, 2) : error("expected :=");
            case '|' -> take(Kind.PIPE, 1);
            case '"' -> quoted('"', Kind.STRING, "unterminated quoted string");
            case '\'' -> quoted('\'', Kind.CHARACTER, "unterminated character constant");
            case '`' -> rawQuoted();
            case '$' -> name(at + 1, Kind.VARIABLE);
            case '(' -> {
                parens++;
                yield take(Kind.LEFT_PAREN, 1);
            }
            case ')' -> --parens < 0 ? error("unexpected right paren") : take(Kind.RIGHT_PAREN, 1);
            case '.' -> at + 1 < input.length() && isDigit(input.charAt(at + 1)) ? number() : name(at + 1, Kind.FIELD);
            case '+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> {
                if (isAlphanumeric(rune)) {
                    yield name(at, Kind.IDENTIFIER);
                }
                yield rune > ' ' && rune < 0x7f ? take(Kind.OTHER, 1) : error("unrecognized character in action: " + unicode(rune));
            }
        };
    }

    private boolean space() {
        int end = at;
        while (isSpaceAt(end) && !input.startsWith("-" + CLOSE, end + 1)) {
            end++;
        }
        return take(Kind.SPACE, end - at);
    }

    private boolean quoted(char quote, Kind kind, String unterminated) {
        for (int end = at + 1; end < input.length() && input.charAt(end) != '\n'; end++) {
            char c = input.charAt(end);
            if (c == quote) {
                return take(kind, end + 1 - at);
            }
            if (c == '\\' && end + 1 < input.length() && input.charAt(end + 1) != '\n') {
                end++;
            } else if (c == '\\') {
                break;
            }
        }
        return error(unterminated);
    }

    private boolean rawQuoted() {
        int end = input.indexOf('`', at + 1);
        return end < 0 ? error("unterminated raw quoted string") : take(Kind.RAW_STRING, end + 1 - at);
    }

    /** A field, a variable or a bare word, whose letters begin at {@code from}. */
    private boolean name(int from, Kind kind) {
        int end = from;
        while (end < input.length() && isAlphanumeric(input.codePointAt(end))) {
            end += Character.charCount(input.codePointAt(end));
        }
        if (!terminates(end)) {
            return error("bad character " + unicode(input.codePointAt(end)));
        }
        if (kind == Kind.FIELD && end == from) {
            return take(Kind.DOT, 1);
        }
        if (kind != Kind.IDENTIFIER) {
            return take(kind, end - at);
        }
        return take(switch (input.substring(from, end)) {
            case "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with" -> Kind.KEYWORD;
            case "nil" -> Kind.NIL;
            case "true", "false" -> Kind.TRUTH;
            default -> Kind.IDENTIFIER;
        }, end - at);
    }

    private boolean terminates(int end) {
        if (end >= input.length() || isSpaceAt(end)) {
            return true;
        }
        return switch (input.charAt(end)) {
            case '.', ',', '|', ':', ')', '(' -> true;
            default -> input.startsWith(CLOSE, end);
        };
    }

    private boolean number() {
        int end = at;
        if (input.charAt(end) == '+' || input.charAt(end) == '-') {
            end++;
        }
        String digits = "0123456789_";
        String exponent = "eE";
        if (input.startsWith("0", end) && end + 1 < input.length()) {
            switch (input.charAt(end + 1)) {
                case 'x', 'X' -> {
                    digits = "0123456789abcdefABCDEF_";
                    exponent = "pP";
                    end += 2;
                }
                case 'o', 'O' -> {
                    digits = "01234567_";
                    exponent = "";
                    end += 2;
                }
                case 'b', 'B' -> {
                    digits = "01_";
                    exponent = "";
                    end += 2;
                }
                default -> { }
            }
        }
        end = skip(digits, end);
        if (input.startsWith(".", end)) {
            end = skip(digits, end + 1);
        }
        if (end < input.length() && exponent.indexOf(input.charAt(end)) >= 0) {
            end++;
            if (end < input.length() && (input.charAt(end) == '+' || input.charAt(end) == '-')) {
                end++;
            }
            end = skip("0123456789_", end);
        }
        if (end < input.length() && (isAlphanumeric(input.codePointAt(end)) || joins(end))) {
            int rest = end + Character.charCount(input.codePointAt(end));
            return error("bad number syntax: " + Quote.of(input.substring(at, joins(end) ? skip("0123456789_", rest) : rest)));
        }
        return take(Kind.NUMBER, end - at);
    }

    /** A sign right behind a number starts the imaginary part of a complex one, which no value here can be. */
    private boolean joins(int end) {
        return end > at && (input.charAt(end) == '+' || input.charAt(end) == '-') && isDigit(input.charAt(end - 1));
    }

    private int skip(String accepted, int from) {
        int end = from;
        while (end < input.length() && accepted.indexOf(input.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    private boolean take(Kind kind, int length) {
        add(kind, at, at + length);
        countLines(at, at + length);
        at += length;
        return true;
    }

    private boolean error(String reason) {
        tokens.add(new Token(Kind.ERROR, reason, at, line));
        return false;
    }

    private void add(Kind kind, int start, int end) {
        tokens.add(new Token(kind, input.substring(start, end), start, line));
    }

    private void skipSpaces() {
        int start = at;
        while (isSpaceAt(at)) {
            at++;
        }
        countLines(start, at);
    }

    private void countLines(int start, int end) {
        for (int i = start; i < end; i++) {
            if (input.charAt(i) == '\n') {
                line++;
            }
        }
    }

    private boolean isSpaceAt(int place) {
        return place < input.length() && isSpace(input.charAt(place));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlphanumeric(int rune) {
        return rune == '_' || Character.isLetter(rune) || Character.isDigit(rune);
    }

    private static String unicode(int rune) {
        String digits = Integer.toHexString(rune).toUpperCase(java.util.Locale.ROOT);
        return "U+" + "0".repeat(Math.max(0, 4 - digits.length())) + digits + " " + Quote.rune(rune);
    }
}
