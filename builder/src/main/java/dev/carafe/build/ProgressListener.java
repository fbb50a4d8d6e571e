package dev.carafe.build;

/** Is told what happens in a build, by several threads, but by one at a time. */
@FunctionalInterface
public interface ProgressListener {
    /** Tells nobody. */
    ProgressListener SILENT = event -> { };

    void on(BuildEvent event);
}
