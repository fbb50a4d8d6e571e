package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;

/**
 * The limit of huge pages of one size (runtime-spec config-linux.md#huge-page-limits).
 *
 * @param pageSize such as {@code 2MB}, as the files of the hugetlb controller spell it
 * @param limit bytes, unsigned
 */
public record HugepageLimit(String pageSize, long limit) implements JsonForm {
    public static HugepageLimit parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#huge-page-limits");
        return new HugepageLimit(fields.string("pageSize"), fields.uint64("limit"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("pageSize", pageSize)
                .unsigned("limit", limit)
                .json();
    }
}
