package dev.carafe.cli.template;

import dev.carafe.base.Fault;
import dev.carafe.cli.template.Token.Kind;
import java.util.List;

/** The words of a template with a place in them. The last word, an end or an error, is given again and again. */
final class Words {
    private final List<Token> tokens;
    private int next;
    private int line = 1;

    Words(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** The line of the word that was looked at last. */
    int line() {
        return line;
    }

    int place() {
        return next;
    }

    /** Goes back to an earlier place. */
    void back(int place) {
        next = place;
    }

    Token peek() {
        Token token = tokens.get(next);
        line = token.line();
        return token;
    }

    Token take() {
        Token token = peek();
        if (!token.is(Kind.END) && !token.is(Kind.ERROR)) {
            next++;
        }
        return token;
    }

    /** The next word that is not space, without taking it. */
    Token peekWord() {
        while (peek().is(Kind.SPACE)) {
            next++;
        }
        return peek();
    }

    /** Takes the next word that is not space; an error of the lexer becomes a fault. */
    Token takeWord() {
        peekWord();
        Token token = take();
        if (token.is(Kind.ERROR)) {
            throw Fault.invalid("read template", "", token.text());
        }
        return token;
    }

    /** The first word of the action that opens here. */
    Token wordBehindOpening() {
        int i = next + 1;
        while (tokens.get(i).is(Kind.SPACE)) {
            i++;
        }
        return tokens.get(i);
    }
}
