package dev.carafe.build.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Fields parted at commas, as lines of CSV are (RFC 4180): a field in double quotes may hold commas, and quotes as two. */
public final class CommaFields {
    private CommaFields() {
    }

    public static List<String> of(String text) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if (quoted && c == '"' && k + 1 < text.length() && text.charAt(k + 1) == '"') {
                field.append('"');
                k++;
            } else if (c == '"' && (quoted || field.isEmpty())) {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
