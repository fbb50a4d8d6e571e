/**
 * The documents of the OCI image-spec and the names of images: pure values, no I/O.
 *
 * <p>In: the text of a reference, the bytes of a manifest, an index or an image configuration. Out: records that compare, print
 * as JSON and parse back to equal values. The records of the runtime-spec are in {@link dev.carafe.oci.runtime}.
 *
 * <p>Terms: a <em>reference</em> names an image; a <em>descriptor</em> names content by digest, size and type; a
 * <em>manifest</em> is one image for one platform; an <em>index</em> lists manifests; a <em>diff id</em> is the digest of a
 * layer's tar bytes; a <em>chain id</em> is the digest of a stack of layers.
 *
 * <p>Invariants:
 * <ul>
 *   <li>A digest is of stored bytes, never of what a record prints: unknown fields are ignored and do not survive.
 *   <li>A document with a wrong type in a field, a missing required field, a key twice or text after its end is refused with a
 *       {@link dev.carafe.base.Fault} that names the field's path and the spec's section.
 *   <li>No document can be read both as a manifest and as an index.
 * </ul>
 *
 * <p>An example: {@snippet :
 * Reference reference = Reference.parse("alpine").withDefaultTag();          // docker.io/library/alpine:latest
 * Index index = Index.parse(bytes);
 * Optional<Descriptor> manifest = index.select(Platform.host("aarch64"));    // linux/arm64, else linux/arm/v8, v7 and so on
 * }
 */
@NullMarked
package dev.carafe.oci;

import org.jspecify.annotations.NullMarked;
