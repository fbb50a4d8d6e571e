package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * A program that runs at a point of a container's life, with the state on its standard input (runtime-spec
 * config.md#posix-platform-hooks).
 *
 * @param path absolute, in the namespace that the kind of hook runs in
 * @param args including the program's own name first; empty: the path alone
 * @param env the whole environment
 * @param timeout seconds, more than 0, until it is aborted
 */
public record Hook(String path, List<String> args, List<String> env, Optional<Integer> timeout) implements JsonForm {
    public Hook {
        args = List.copyOf(args);
        env = List.copyOf(env);
    }

    public static Hook parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#posix-platform-hooks");
        var parsed = new Hook(
                fields.string("path"),
                fields.strings("args"),
                fields.strings("env"),
                fields.optionalInt32("timeout"));
        if (!parsed.path.startsWith("/")) {
            throw fields.fault("path", "expected an absolute path, found \"" + parsed.path + "\"");
        }
        if (parsed.timeout.isPresent() && parsed.timeout.get() <= 0) {
            throw fields.fault("timeout", "expected more than 0 seconds, found " + parsed.timeout.get());
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("path", path)
                .list("args", args)
                .list("env", env)
                .optional("timeout", timeout)
                .json();
    }
}
