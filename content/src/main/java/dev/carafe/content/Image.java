package dev.carafe.content;

import dev.carafe.base.Digest;
import dev.carafe.oci.Descriptor;
import java.util.Optional;

/**
 * An image that the store has, under one of its names.
 *
 * @param name the full form of a reference, {@code docker.io/library/alpine:3.20}; absent when its last name went to another
 * @param target its manifest, or an index
 * @param config the digest of its configuration, which Docker calls the image's id; absent for an index
 */
public record Image(Optional<String> name, Descriptor target, Optional<Digest> config) {
    /** The digest of the index that the manifest was chosen from, where it was. */
    public Optional<Digest> origin() {
        String digest = target.annotations().get(ImageIndex.ORIGIN);
        return digest == null ? Optional.empty() : Optional.of(Digest.parse(digest));
    }
}
