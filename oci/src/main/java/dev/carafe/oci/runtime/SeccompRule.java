package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * What happens at some system calls (runtime-spec config-linux.md#seccomp).
 *
 * @param names the system calls, at least one
 * @param action what happens
 * @param errnoRet the error number, or for {@code SCMP_ACT_TRACE} what the tracer reads; absent means EPERM
 * @param args conditions that must all hold
 */
public record SeccompRule(List<String> names, SeccompAction action, Optional<Integer> errnoRet, List<SeccompArg> args)
        implements JsonForm {
    public SeccompRule {
        names = List.copyOf(names);
        args = List.copyOf(args);
    }

    public static SeccompRule parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#seccomp");
        var parsed = new SeccompRule(
                fields.strings("names"),
                fields.oneOf("action", SeccompAction.values()),
                fields.optionalRange("errnoRet", 0, Integer.MAX_VALUE),
                fields.objects("args", SeccompArg::parse));
        if (parsed.names.isEmpty()) {
            throw fields.fault("names", "expected at least one name");
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .array("names", names)
                .put("action", action)
                .optional("errnoRet", errnoRet)
                .list("args", args)
                .json();
    }
}
