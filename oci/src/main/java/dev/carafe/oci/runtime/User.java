package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * Whom a process runs as, in ids of the container's user namespace (runtime-spec config.md#posix-platform-user).
 *
 * @param uid the user id; the schema lets it be absent, which is root
 * @param gid the group id; likewise
 * @param umask the file mode creation mask; absent: that of the runtime is left alone
 * @param additionalGids supplementary groups
 */
public record User(long uid, long gid, Optional<Integer> umask, List<Long> additionalGids) implements JsonForm {
    /** Uid 0, gid 0, no further groups. */
    public static final User ROOT = User.of(0, 0);

    public User {
        additionalGids = List.copyOf(additionalGids);
    }

    public static User parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#posix-platform-user");
        return new User(
                fields.optionalUint32("uid").orElse(0L),
                fields.optionalUint32("gid").orElse(0L),
                fields.optionalRange("umask", 0, Integer.MAX_VALUE),
                fields.uint32s("additionalGids"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("uid", uid)
                .put("gid", gid)
                .optional("umask", umask)
                .list("additionalGids", additionalGids)
                .json();
    }

    /** With no mask and no further groups. */
    public static User of(long uid, long gid) {
        return new User(uid, gid, Optional.empty(), List.of());
    }
}
