package dev.carafe.cli.template;

import dev.carafe.cli.text.Quote;

/**
 * One word of a template.
 *
 * @param kind what it is
 * @param text as written; for {@link Kind#ERROR} the reason
 * @param start where it starts in the template
 * @param line the line it is on, from 1
 */
record Token(Kind kind, String text, int start, int line) {
    enum Kind {
        ERROR, END, TEXT, OPEN, CLOSE, SPACE, IDENTIFIER, FIELD, VARIABLE, NUMBER, CHARACTER, STRING, RAW_STRING, TRUTH, PIPE, LEFT_PAREN,
        RIGHT_PAREN, ASSIGN, DECLARE, OTHER, DOT, NIL, KEYWORD
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean isKeyword(String word) {
        return kind == Kind.KEYWORD && text.equals(word);
    }

    /** As messages about unexpected words show it. */
    String shown() {
        return switch (kind) {
            case END -> "EOF";
            case ERROR -> text;
            case DOT, NIL, KEYWORD -> "<" + text + ">";
            case TEXT, OPEN, CLOSE, SPACE, IDENTIFIER, FIELD, VARIABLE, NUMBER, CHARACTER, STRING, RAW_STRING, TRUTH, PIPE, LEFT_PAREN,
                    RIGHT_PAREN, ASSIGN, DECLARE, OTHER ->
                text.length() > 10 ? Quote.of(text.substring(0, 10)) + "..." : Quote.of(text);
        };
    }
}
