package dev.carafe.build.dockerfile;

import java.util.List;
import java.util.Optional;

/**
 * The flags of COPY and ADD.
 *
 * @param from a stage, an image or a named context in place of the build's context
 * @param chown whose what is copied becomes: {@code USER[:GROUP]}
 * @param chmod its mode, octal or symbolic
 * @param link whether the layer is made without regard to what lies beneath
 * @param parents whether the parents of sources are kept
 * @param exclude patterns of what is left out
 * @param checksum of the one address that is fetched
 * @param unpack whether archives are unpacked; absent: local ones by ADD
 */
public record CopyFlags(Optional<String> from, Optional<String> chown, Optional<String> chmod, boolean link, boolean parents, List<String> exclude,
        Optional<String> checksum, Optional<Boolean> unpack) {
    public CopyFlags {
        exclude = List.copyOf(exclude);
    }
}
