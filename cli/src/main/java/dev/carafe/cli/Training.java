package dev.carafe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the build has a command's Java do at its end, once: it loads the classes that other commands need, so that the cache made of this process holds
 * them, too. A process can be trained by one command alone.
 */
final class Training {
    private Training() {
    }

    static void finish() {
        String list = System.getProperty("carafe.training.classes", "");
        if (!list.isEmpty()) {
            try {
                for (String name : Files.readAllLines(Path.of(list))) {
                    load(name);
                }
            } catch (IOException e) {
                System.err.println("carafe: train: " + e);
            }
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, Training.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            System.err.println("carafe: train: without " + name);
        }
    }
}
