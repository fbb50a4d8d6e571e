package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * What a seccomp agent is sent along with the listener (runtime-spec config-linux.md#the-container-process-state).
 *
 * @param ociVersion the version of the runtime-spec
 * @param fds names of the descriptors sent along, in order
 * @param pid the process, as the runtime sees it
 * @param metadata the listener metadata of the configuration
 * @param state the container's state
 */
public record ContainerProcessState(String ociVersion, List<String> fds, int pid, Optional<String> metadata, State state)
        implements JsonForm {
    /** The name of the listener's descriptor in {@code fds}. */
    public static final String SECCOMP_FD = "seccompFd";

    public ContainerProcessState {
        fds = List.copyOf(fds);
    }

    public static ContainerProcessState parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#the-container-process-state");
        return new ContainerProcessState(
                fields.string("ociVersion"),
                fields.strings("fds"),
                fields.range("pid", 0, Integer.MAX_VALUE),
                fields.optionalString("metadata"),
                fields.object("state", State::parse));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("ociVersion", ociVersion)
                .array("fds", fds)
                .put("pid", pid)
                .optional("metadata", metadata)
                .put("state", state)
                .json();
    }
}
