package dev.carafe.docker;

import dev.carafe.base.Fault;
import dev.carafe.engine.Engine;
import dev.carafe.content.Image;
import dev.carafe.oci.Reference;

/** Images by what clients call them. */
final class ImageNames {
    private ImageNames() {
    }

    /** As docker prints it: with a tag, where it is no id. */
    static String tagged(String name) {
        try {
            return name.startsWith("sha256:") ? name : Reference.parse(name).withDefaultTag().familiar();
        } catch (Fault noReference) {
            return name;
        }
    }

    /** @throws ApiFault 404 in docker's words, by which clients know that they may pull it */
    static Image find(Engine engine, String name) {
        try {
            return engine.images().find(name);
        } catch (Fault fault) {
            throw explained(fault, name);
        }
    }

    static RuntimeException explained(Fault fault, String name) {
        return fault.kind() == Fault.Kind.NOT_FOUND ? ApiFault.notFound("No such image: " + tagged(name))
                : fault.kind() == Fault.Kind.INVALID ? ApiFault.invalid("invalid reference format") : fault;
    }
}
