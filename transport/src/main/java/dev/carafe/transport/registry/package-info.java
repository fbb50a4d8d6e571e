/**
 * Registries: the client side of the distribution-spec 1.1, and where credentials, certificates and mirrors are configured.
 *
 * <p>In: a reference and {@linkplain dev.carafe.transport.registry.RegistrySettings settings}. Out: manifests as their bytes, blobs as
 * streams that go on by themselves where a connection broke, and faults that say what to do.
 *
 * <p>Terms. A <em>registry</em> is asked at an <em>endpoint</em>: scheme, host and path. A <em>mirror</em> is another endpoint for the same
 * names. A <em>scope</em> is what a token allows.
 *
 * <p>Invariants:
 * <ul>
 *   <li>Credentials go to the endpoint itself and to the token service that it names, never along a redirect to another host.
 *   <li>TLS with checked certificates, unless the loopback is meant, registries.conf says {@code insecure}, or the user does.
 *   <li>Whatever is read is bounded: manifests by 4 MiB, lists by pages, redirects and attempts by number, silence by patience.
 *   <li>Nothing is asked of any host that neither the reference nor a configuration names.
 * </ul>
 *
 * <p>Example:
 *
 * <pre>{@code
 *     try (Registry registry = Registry.open("localhost:5000", RegistrySettings.of(System.getenv()))) {
 *         Document manifest = registry.repository("app").manifest("1.2");
 *         try (InputStream layer = registry.repository("app").blob(manifest.manifest().layers().getFirst()).open(0)) { … }
 *     }
 * }</pre>
 */
@NullMarked
package dev.carafe.transport.registry;

import org.jspecify.annotations.NullMarked;
