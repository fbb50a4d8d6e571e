package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;

/**
 * The five capability sets of a process by the kernel's names, such as {@code CAP_NET_RAW}; capabilities(7) (runtime-spec
 * config.md#linux-process).
 *
 * @param bounding the most that an execve can ever gain
 * @param effective what the kernel checks
 * @param inheritable kept across an execve of a file with inheritable capabilities
 * @param permitted the most that may become effective
 * @param ambient kept across an execve of any file
 */
public record Capabilities(List<String> bounding, List<String> effective, List<String> inheritable, List<String> permitted,
        List<String> ambient) implements JsonForm {
    /** All five sets empty, as a process without privilege has them. */
    public static final Capabilities NONE = new Capabilities(List.of(), List.of(), List.of(), List.of(), List.of());

    public Capabilities {
        bounding = List.copyOf(bounding);
        effective = List.copyOf(effective);
        inheritable = List.copyOf(inheritable);
        permitted = List.copyOf(permitted);
        ambient = List.copyOf(ambient);
    }

    public static Capabilities parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#linux-process");
        return new Capabilities(
                fields.strings("bounding"),
                fields.strings("effective"),
                fields.strings("inheritable"),
                fields.strings("permitted"),
                fields.strings("ambient"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .list("bounding", bounding)
                .list("effective", effective)
                .list("inheritable", inheritable)
                .list("permitted", permitted)
                .list("ambient", ambient)
                .json();
    }
}
