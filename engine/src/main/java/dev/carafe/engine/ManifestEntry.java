package dev.carafe.engine;

import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a list of manifests is to say of one of them, beyond what its configuration tells.
 *
 * @param osFeatures instead of those it has, unless empty
 * @param annotations beside those it has
 */
public record ManifestEntry(Optional<String> os, Optional<String> architecture, Optional<String> variant, Optional<String> osVersion, List<String> osFeatures,
        Map<String, String> annotations) {
    /** Nothing more. */
    public static final ManifestEntry PLAIN = new ManifestEntry(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Map.of());

    public ManifestEntry {
        osFeatures = List.copyOf(osFeatures);
        annotations = Map.copyOf(annotations);
    }

    Descriptor applied(Descriptor descriptor) {
        Platform is = descriptor.platform().orElse(Platform.of("", ""));
        var platform = new Platform(os.orElse(is.os()), architecture.orElse(is.architecture()), variant.or(is::variant), osVersion.or(is::osVersion),
                osFeatures.isEmpty() ? is.osFeatures() : osFeatures);
        var all = new LinkedHashMap<>(descriptor.annotations());
        all.putAll(annotations);
        boolean told = !platform.os().isEmpty() || !platform.architecture().isEmpty();
        return descriptor.toBuilder().platform(told ? Optional.of(platform) : Optional.empty()).annotations(all).build();
    }
}
