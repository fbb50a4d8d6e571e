/**
 * The records of the OCI runtime-spec, version 1.2 with the fields of 1.3: the configuration of a container and its state, for
 * Linux.
 *
 * <p>In: the text of a {@code config.json}. Out: a {@link dev.carafe.oci.runtime.Spec}, the model that everything after it
 * works on; there is no second one. And back: {@code json()} gives a tree whose text parses to an equal value.
 *
 * <p>Terms are the spec's: bundle, root, mount, hook, namespace, resources, state.
 *
 * <p>Invariants:
 * <ul>
 *   <li>A record has one component for each field of the spec's Linux part, under the field's name in Java's spelling. Fields
 *       of other systems and unknown ones are ignored.
 *   <li>An absent object, string or number is an empty {@code Optional}; an absent list or map is empty; an absent boolean
 *       whose default is false is false.
 *   <li>uint32 is a {@code long}; uint64 is a {@code long} whose bits are unsigned.
 *   <li>{@code parse} refuses wrong types, unknown words of closed sets and what the spec forbids within one object, with a
 *       fault that names the field and the section. Constructors and builders check nothing: whether host and container fit is
 *       the planner's to tell.
 * </ul>
 *
 * <p>An example: {@snippet :
 * Spec spec = Spec.parse("""
 *         {"ociVersion": "1.2.0", "root": {"path": "rootfs"}, "process": {"args": ["true"], "cwd": "/"}}""");
 * Spec renamed = spec.toBuilder().hostname("decanter").build();
 * String text = Json.pretty(renamed.json(), "  ");
 * }
 */
@NullMarked
package dev.carafe.oci.runtime;

import org.jspecify.annotations.NullMarked;
