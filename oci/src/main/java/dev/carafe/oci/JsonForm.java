package dev.carafe.oci;

import com.google.gson.JsonObject;

/** A value with a JSON form that its type's {@code parse} reads back to an equal value. */
public interface JsonForm {
    /** A new tree, the caller's to keep; absent components are left out, and fields stand in the order of the spec's documents. */
    JsonObject json();
}
