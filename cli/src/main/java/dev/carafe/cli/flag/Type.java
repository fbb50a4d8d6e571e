package dev.carafe.cli.flag;

import dev.carafe.base.Fault;
import dev.carafe.cli.text.Quote;

/**
 * What the value of an option may look like, as Go's strconv, pflag and docker's own kinds of option read it.
 *
 * <p>Values with a grammar of their own (a mount, a ulimit) are {@link #TEXT} or {@link #LIST} here, under another
 * {@linkplain Option#placeholder() placeholder}; the {@link Setter} checks those.
 */
public enum Type {
    /** Needs no value; {@code --name=false} takes it back. */
    SWITCH(""),
    /** Any text; the last one wins. */
    TEXT("string"),
    /** Any text; every occurrence counts, in order. */
    LIST("list"),
    /** A signed number of 64 bits, in Go's notation ({@code 0x1f}, {@code 0o17}, {@code 1_000} only behind a prefix). */
    INT("int"),
    /** A number from 0 to 65535. */
    UINT16("uint16"),
    /** A size such as {@code 512m} or {@code 1.5GiB}, in powers of 1024. */
    BYTES("bytes"),
    /** A size, or {@code -1} for no limit. */
    BYTES_OR_UNLIMITED("bytes"),
    /** A decimal with at most nine places, or a fraction, such as {@code 1.5} or {@code 3/2}. */
    DECIMAL("decimal"),
    /** A length of time in Go's notation, such as {@code 1m30s}. */
    DURATION("duration"),
    /** {@code name=value}; every occurrence counts. An empty value is passed over. */
    FILTER("filter");

    private final String word;

    Type(String word) {
        this.word = word;
    }

    /** What {@code --help} calls a value of this type; empty for a switch. */
    public String word() {
        return word;
    }

    /** Whether a later occurrence adds to the earlier ones instead of replacing them. */
    public boolean repeats() {
        return this == LIST || this == FILTER;
    }

    /** Refuses, with a fault of kind {@code INVALID}, a value that is not of this type. */
    void check(String value) {
        switch (this) {
            case TEXT, LIST -> { }
            case SWITCH -> Numbers.parseBool(value);
            case INT -> Numbers.parseInt(value);
            case UINT16 -> Numbers.parseUnsigned(value, 16);
            case BYTES -> Numbers.parseBytes(value);
            case BYTES_OR_UNLIMITED -> {
                if (!value.equals("-1")) {
                    Numbers.parseBytes(value);
                }
            }
            case DECIMAL -> Numbers.parseNanos(value);
            case DURATION -> Numbers.parseDuration(value);
            case FILTER -> {
                if (!value.isEmpty() && value.indexOf('=') < 0) {
                    throw Fault.invalid("read filter", Quote.of(value), "bad format of filter (expected name=value)");
                }
            }
        }
    }
}
