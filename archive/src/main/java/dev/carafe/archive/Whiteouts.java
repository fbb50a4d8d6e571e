package dev.carafe.archive;

import dev.carafe.kernel.Xattr;

/**
 * How a layer's removals (image-spec layer.md#whiteouts) are kept when it is unpacked.
 *
 * <p>In a layer, a member {@code .wh.NAME} says that NAME of the layers below is gone; {@code .wh..wh..opq} that all of its
 * directory's content below is.
 */
public enum Whiteouts {
    /** As overlayfs has them: a character device 0/0 by that name; {@code trusted.overlay.opaque=y} on the directory. */
    OVERLAY,
    /** Done at once: the tree that is unpacked into already holds the layers below, and loses what is removed. */
    DELETE,
    /** Not at all: the archive is no layer, and a name that starts with .wh. is a name. */
    NONE;

    static final String PREFIX = ".wh.";
    static final String OPAQUE = ".wh..wh..opq";

    /** Other members by such names are book-keeping of aufs, and no content. */
    static final String RESERVED = ".wh..wh.";

    static final Xattr OVERLAY_OPAQUE = new Xattr("trusted.overlay.opaque", new byte[] {'y'});

    /** Attributes that overlayfs gives meaning to, which no archive may set and no layer carries. */
    static boolean isPrivate(String xattr) {
        return xattr.startsWith("trusted.overlay.") || xattr.startsWith("user.overlay.") || xattr.equals("security.selinux");
    }
}
