package dev.carafe.conformance;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.kernel.FileSystem;
import dev.carafe.snapshot.OverlayDriver;
import dev.carafe.snapshot.SnapshotDriver;
import java.nio.file.Path;
import java.time.InstantSource;

class OverlayDriverTest extends SnapshotDriverSuite {
    @Override
    protected SnapshotDriver open(FileSystem fileSystem, Path directory) {
        return new OverlayDriver(fileSystem, directory.toString(), ArchiveLimits.DEFAULT, InstantSource.system());
    }

    @Override
    protected void close(SnapshotDriver opened) {
        ((OverlayDriver) opened).close();
    }
}
