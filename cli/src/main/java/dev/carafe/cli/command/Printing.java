package dev.carafe.cli.command;

import dev.carafe.cli.surface.Console;
import java.io.OutputStream;
import java.util.Arrays;

/** The user's standard output as a stream. */
final class Printing extends OutputStream {
    private final Console console;

    Printing(Console console) {
        this.console = console;
    }

    @Override
    public void write(int b) {
        console.out(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        console.out(Arrays.copyOfRange(bytes, offset, offset + length));
    }
}
