package dev.carafe.docker;

import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.Engine;

/** Containers by what clients call them. */
final class Containers {
    private Containers() {
    }

    /** @throws ApiFault 404 in docker's words, by which clients know */
    static Container find(Engine engine, String name) {
        if (name.isEmpty()) {
            throw ApiFault.invalid("no container name or ID supplied");
        }
        try {
            return engine.containers().find(name.startsWith("/") ? name.substring(1) : name);
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.NOT_FOUND ? ApiFault.notFound("No such container: " + name)
                    : fault.kind() == Fault.Kind.CONFLICT ? ApiFault.invalid("multiple IDs found with provided prefix: " + name) : fault;
        }
    }

    /** A name that is taken, in docker's words. */
    static RuntimeException explained(Fault fault, String name) {
        String taken = "the name is in use by container ";
        if (fault.kind() == Fault.Kind.CONFLICT && fault.reason().startsWith(taken)) {
            return ApiFault.conflict("Conflict. The container name \"/" + (name.startsWith("/") ? name.substring(1) : name) + "\" is already in use by container \""
                    + fault.reason().substring(taken.length()) + "\". You have to remove (or rename) that container to be able to reuse that name.");
        }
        return fault;
    }
}
