package dev.carafe.network;

import dev.carafe.oci.Json;
import java.nio.file.Path;
import java.util.Optional;

/** The records of how containers are connected, and whether those are true still. */
final class Attachments {
    private final Leases leases;

    Attachments(Leases leases) {
        this.leases = leases;
    }

    /** How a container was last connected, whether it still is or not. @param run its run directory */
    Optional<Attachment> of(Path run) {
        return WholeFile.read(run.resolve(Attachment.FILE)).map(text -> Attachment.parse(Json.parseObject(Attachment.FILE, text)));
    }

    void write(Path run, Attachment attachment) {
        WholeFile.write(run.resolve(Attachment.FILE), Json.compact(attachment.json()));
    }

    /** Whether its container still holds an address; its monitor gives those back last. */
    boolean holds(Attachment attachment) {
        for (Endpoint endpoint : attachment.endpoints()) {
            for (Endpoint.Held one : endpoint.addresses()) {
                if (Leases.holder(leases.path(endpoint.networkId(), one.address())).equals(Optional.of(attachment.container()))) {
                    return true;
                }
            }
        }
        return false;
    }
}
