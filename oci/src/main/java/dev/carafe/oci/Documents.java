package dev.carafe.oci;

import dev.carafe.base.Fault;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What manifests and indexes must agree on, so that no document can be read as both: the version, the type that it gives itself,
 * and that no field of the other sort is there (image-spec media-types.md#compatibility-matrix, and the ambiguity of
 * CVE-2021-41190).
 */
final class Documents {
    private Documents() {}

    /**
     * Checks one document.
     *
     * @param sort what it should be, for faults
     * @param list the list that it must have, if only as {@code null}, which Go writes for an empty one
     * @param types which types it may give itself
     * @param foreign fields that it must not have
     */
    static void check(Fields fields, String sort, String list, Predicate<String> types, String... foreign) {
        int version = fields.int32("schemaVersion");
        if (version == 1) {
            throw fields.fault("schemaVersion", "Docker's schema 1 is not supported").kind(Fault.Kind.UNSUPPORTED);
        }
        if (version != Manifest.SCHEMA_VERSION) {
            throw fields.fault("schemaVersion", "expected 2, found " + version);
        }
        Optional<String> type = fields.optionalString("mediaType");
        if (type.isPresent() && !types.test(type.get())) {
            throw fields.fault("mediaType", "\"" + type.get() + "\" is no type of an image " + sort);
        }
        for (String name : foreign) {
            if (fields.has(name)) {
                throw fields.fault(name, "no field of an image " + sort);
            }
        }
        if (!fields.object().has(list)) {
            throw fields.fault(list, "required, but missing");
        }
    }
}
