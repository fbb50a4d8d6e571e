package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * A device node of the container; mknod(2) (runtime-spec config-linux.md#devices).
 *
 * @param type which sort of node
 * @param path where, in the container
 * @param major the driver's number; 0 for a fifo
 * @param minor the device's number; 0 for a fifo
 * @param fileMode the permission bits; absent: the runtime chooses
 * @param uid the owner, in the container's ids
 * @param gid the group, in the container's ids
 */
public record Device(Type type, String path, long major, long minor, Optional<Integer> fileMode, Optional<Long> uid,
        Optional<Long> gid) implements JsonForm {
    /** The sorts of device nodes. */
    public enum Type {
        CHARACTER("c"), BLOCK("b"), UNBUFFERED("u"), FIFO("p");

        private final String letter;

        Type(String letter) {
            this.letter = letter;
        }

        /** The spec's letter, as in mknod(1). */
        @Override
        public String toString() {
            return letter;
        }
    }

    public static Device parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#devices");
        var parsed = new Device(
                fields.oneOf("type", Type.values()),
                fields.string("path"),
                fields.optionalInt64("major").orElse(0L),
                fields.optionalInt64("minor").orElse(0L),
                fields.optionalRange("fileMode", 0, Integer.MAX_VALUE),
                fields.optionalUint32("uid"),
                fields.optionalUint32("gid"));
        if (parsed.type != Type.FIFO) {
            fields.int64("major");
            fields.int64("minor");
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("path", path)
                .put("type", type)
                .put("major", major)
                .put("minor", minor)
                .optional("fileMode", fileMode)
                .optional("uid", uid)
                .optional("gid", gid)
                .json();
    }

    /** Starts with everything absent but these. */
    public static Builder builder(Type type, String path) {
        return new Builder(type, path);
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder(type, path);
        builder.major = major;
        builder.minor = minor;
        builder.fileMode = fileMode;
        builder.uid = uid;
        builder.gid = gid;
        return builder;
    }

    /** Collects the components of a {@link Device}; each method replaces what was set before. */
    public static final class Builder {
        private Type type;
        private String path;
        private long major;
        private long minor;
        private Optional<Integer> fileMode = Optional.empty();
        private Optional<Long> uid = Optional.empty();
        private Optional<Long> gid = Optional.empty();

        private Builder(Type type, String path) {
            this.type = type;
            this.path = path;
        }

        public Builder type(Type value) {
            type = value;
            return this;
        }

        public Builder path(String value) {
            path = value;
            return this;
        }

        public Builder major(long value) {
            major = value;
            return this;
        }

        public Builder minor(long value) {
            minor = value;
            return this;
        }

        public Builder fileMode(int value) {
            return fileMode(Optional.of(value));
        }

        public Builder fileMode(Optional<Integer> value) {
            fileMode = value;
            return this;
        }

        public Builder uid(long value) {
            return uid(Optional.of(value));
        }

        public Builder uid(Optional<Long> value) {
            uid = value;
            return this;
        }

        public Builder gid(long value) {
            return gid(Optional.of(value));
        }

        public Builder gid(Optional<Long> value) {
            gid = value;
            return this;
        }

        public Device build() {
            return new Device(type, path, major, minor, fileMode, uid, gid);
        }
    }
}
