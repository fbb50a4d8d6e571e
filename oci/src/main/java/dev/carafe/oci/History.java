package dev.carafe.oci;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * How one step of a build made a layer, or changed the configuration alone (image-spec config.md#properties).
 *
 * @param created when
 * @param createdBy by which command
 * @param author by whom
 * @param comment anything else
 * @param emptyLayer whether it made no layer
 */
public record History(Optional<Instant> created, Optional<String> createdBy, Optional<String> author, Optional<String> comment,
        boolean emptyLayer) implements JsonForm {
    public static History parse(Fields in) {
        Fields fields = in.section("image-spec config.md#properties");
        return new History(
                fields.optionalTime("created"),
                fields.optionalString("created_by"),
                fields.optionalString("author"),
                fields.optionalString("comment"),
                fields.flag("empty_layer"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .time("created", created)
                .optional("created_by", createdBy)
                .optional("author", author)
                .optional("comment", comment)
                .flag("empty_layer", emptyLayer)
                .json();
    }
}
