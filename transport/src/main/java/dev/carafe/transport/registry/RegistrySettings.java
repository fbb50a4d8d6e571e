package dev.carafe.transport.registry;

import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How registries are to be reached: what a command line or a program says beyond the files of the machine.
 *
 * @param environment the variables of whoever asks: where files are ({@code HOME}, {@code DOCKER_CONFIG}, …) and proxies
 * @param credentials those to use instead of looking for any
 * @param anonymous whether none are to be looked for
 * @param authFile the only file to look for credentials in
 * @param certificates a directory with {@code *.crt}, {@code *.cert} and {@code *.key} for every registry, instead of the machine's
 * @param tlsVerify false: certificates are not checked, and plain HTTP is spoken where there is no TLS; true: neither, not even on
 *     the loopback; absent: checked, with plain HTTP for the loopback and what registries.conf calls insecure
 * @param retries how often a request that failed for now is made again
 * @param backoff the pause before the first of these; each is twice as long as the one before
 * @param patience how long a server may stay silent, in a body as before it
 */
public record RegistrySettings(Map<String, String> environment, Optional<Credentials> credentials, boolean anonymous, Optional<Path> authFile,
        Optional<Path> certificates, Optional<Boolean> tlsVerify, int retries, Duration backoff, Duration patience) {
    private static final int RETRIES = 4;
    private static final Duration BACKOFF = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public RegistrySettings {
        environment = Map.copyOf(environment);
    }

    /** As the machine is configured, for somebody with these variables. */
    public static RegistrySettings of(Map<String, String> environment) {
        return new RegistrySettings(environment, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty(), RETRIES, BACKOFF, PATIENCE);
    }

    public RegistrySettings withCredentials(Credentials value) {
        return new RegistrySettings(environment, Optional.of(value), false, authFile, certificates, tlsVerify, retries, backoff, patience);
    }

    /** Without looking for any credentials. */
    public RegistrySettings asNobody() {
        return new RegistrySettings(environment, Optional.empty(), true, authFile, certificates, tlsVerify, retries, backoff, patience);
    }

    public RegistrySettings withAuthFile(Path value) {
        return new RegistrySettings(environment, credentials, anonymous, Optional.of(value), certificates, tlsVerify, retries, backoff, patience);
    }

    public RegistrySettings withCertificates(Path value) {
        return new RegistrySettings(environment, credentials, anonymous, authFile, Optional.of(value), tlsVerify, retries, backoff, patience);
    }

    public RegistrySettings withTlsVerify(boolean value) {
        return new RegistrySettings(environment, credentials, anonymous, authFile, certificates, Optional.of(value), retries, backoff, patience);
    }

    public RegistrySettings withRetries(int times, Duration first) {
        return new RegistrySettings(environment, credentials, anonymous, authFile, certificates, tlsVerify, times, first, patience);
    }

    public RegistrySettings withPatience(Duration value) {
        return new RegistrySettings(environment, credentials, anonymous, authFile, certificates, tlsVerify, retries, backoff, value);
    }

    /** Which proxies the variables name. */
    public ProxySelector proxies() {
        return new Proxies(this);
    }

    /** A variable that is there and not empty. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** A directory in the user's own, such as {@code .docker}. */
    Path home(String name) {
        return Path.of(variable("HOME").orElse("/root")).resolve(name);
    }
}
