package dev.carafe.engine;

import dev.carafe.oci.Reference;
import dev.carafe.transport.CopyListener;

/** Is told how a pull goes; called by many threads. */
public interface PullListener extends CopyListener {
    /** One that does not care. */
    PullListener SILENT = new PullListener() {};

    /** This name is about to be asked for, in its registry. */
    default void asking(Reference reference) {}

    /** A layer that was fetched is now unpacked, or was so already. */
    default void unpacked(dev.carafe.oci.Descriptor layer) {}
}
