package dev.carafe.transport;

import dev.carafe.oci.Descriptor;

/** Is told how a copy goes; called by many threads. */
public interface CopyListener {
    /** One that does not care. */
    CopyListener NONE = new CopyListener() {};

    /** A blob of the image, in the order of the manifest, before any is brought. */
    default void planned(Descriptor blob) {}

    /** The blob is being looked for or brought. */
    default void begun(Descriptor blob) {}

    /** So many bytes of it have been read by now, counted from its start. */
    default void read(Descriptor blob, long bytes) {}

    /** It is there. */
    default void done(Descriptor blob, ImageTarget.Outcome outcome) {}
}
