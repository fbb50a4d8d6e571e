package dev.carafe.runtime.oci;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a runtime remembers of a container it created: {@code state.json} in its directory.
 *
 * @param ociVersion that of its bundle
 * @param bundle the absolute path of its bundle
 * @param rootfs the absolute path of its root directory
 * @param created when, in the form of RFC 3339
 * @param pid its init as this process's pid namespace numbers it; 0 while it is being created
 * @param startTime when that process started, in clock ticks since boot (proc_pid_stat(5)): another may get its number
 * @param cgroup the path of its groups below the mount points; empty: it stays in those of its caller
 * @param unit the systemd unit that holds it, if systemd was asked to
 */
record KeptContainer(String ociVersion, String id, String bundle, String rootfs, String created, Map<String, String> annotations, int pid,
        long startTime, Optional<String> cgroup, Optional<String> unit) implements JsonForm {
    static final String FILE = "state.json";

    KeptContainer {
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    static KeptContainer parse(byte[] utf8) {
        Fields fields = Fields.of(FILE, Json.parseObject(FILE, utf8));
        return new KeptContainer(fields.string("ociVersion"), fields.string("id"), fields.string("bundle"), fields.string("rootfs"),
                fields.string("created"), fields.stringMap("annotations"), fields.int32("pid"), fields.int64("startTime"),
                fields.optionalString("cgroup"), fields.optionalString("unit"));
    }

    KeptContainer running(int init, long since) {
        return new KeptContainer(ociVersion, id, bundle, rootfs, created, annotations, init, since, cgroup, unit);
    }

    @Override
    public JsonObject json() {
        return new JsonFields().put("ociVersion", ociVersion).put("id", id).put("bundle", bundle).put("rootfs", rootfs).put("created", created)
                .map("annotations", annotations).put("pid", pid).put("startTime", startTime).optional("cgroup", cgroup).optional("unit", unit).json();
    }
}
