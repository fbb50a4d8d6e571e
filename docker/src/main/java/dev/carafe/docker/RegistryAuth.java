package dev.carafe.docker;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import dev.carafe.transport.registry.Credentials;
import dev.carafe.transport.registry.RegistrySettings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Credentials as clients send them; those of this machine's users are not looked for on behalf of somebody far away. */
final class RegistryAuth {
    private RegistryAuth() {
    }

    /** By the header {@code X-Registry-Auth}: an AuthConfig in base64url. */
    static RegistrySettings settings(Call call) {
        String header = call.exchange().request().headers().get("x-registry-auth").orElse("");
        if (header.isEmpty()) {
            return nobody();
        }
        try {
            byte[] json = Base64.getDecoder().decode(header.replace('-', '+').replace('_', '/'));
            return settings(new Body(json.length == 0 ? new JsonObject() : Json.parseObject("X-Registry-Auth", json)));
        } catch (Fault | IllegalArgumentException bad) {
            throw ApiFault.invalid("invalid X-Registry-Auth header: " + bad.getMessage());
        }
    }

    private static RegistrySettings nobody() {
        return RegistrySettings.of(System.getenv()).asNobody();
    }

    static RegistrySettings settings(Body auth) {
        Optional<String> token = auth.given("identitytoken");
        if (token.isPresent()) {
            return nobody().withCredentials(new Credentials("", "", token));
        }
        if (auth.given("registrytoken").isPresent()) {
            throw ApiFault.unsupported("bearer tokens for registries are not supported");
        }
        if (auth.given("username").isPresent()) {
            return nobody().withCredentials(Credentials.of(auth.text("username"), auth.text("password")));
        }
        if (auth.given("auth").isPresent()) {
            String pair = new String(Base64.getDecoder().decode(auth.text("auth")), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                return nobody().withCredentials(Credentials.of(pair.substring(0, colon), pair.substring(colon + 1)));
            }
        }
        return nobody();
    }
}
