package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.base.Names;
import dev.carafe.kernel.LockFile;

/**
 * Gives a container another name. The new name is taken first and the old one is free last, so that it has one at every moment; who is killed
 * in between leaves a name that stands for a container of another name, which {@link ContainerStore#releaseStrayNames} finds.
 */
final class Renaming {
    private Renaming() {
    }

    /** @return the record with the new name */
    static ContainerRecord rename(Containers all, Container container, String wanted) {
        String id = container.id();
        try (LockFile lock = all.lock(id)) {
            ContainerRecord old = all.store.record(id).orElseThrow(() -> Fault.notFound("rename", "\"" + container.record().name() + "\"",
                    "it was removed meanwhile"));
            String name = wanted.startsWith("/") ? wanted.substring(1) : wanted;
            if (name.equals(old.name())) {
                throw Fault.invalid("rename", "\"" + old.name() + "\"", "that is its name already");
            }
            Names.require("container", name);
            all.takeName(name, id, "rename to");
            JsonObject document = old.document().deepCopy();
            document.addProperty("Name", "/" + name);
            ContainerRecord renamed = ContainerRecord.parse(document);
            all.store.replace(renamed);
            all.store.releaseName(old.name(), id);
            Neighbourhood.renamed(all, renamed);
            return renamed;
        }
    }
}
