package dev.carafe.transport.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Who somebody is to a registry. Printing it never shows the secret.
 *
 * @param user the account's name; empty beside an identity token
 * @param secret the password or access token; empty beside an identity token
 * @param identityToken what a registry's token service gave for good in exchange for a password; it is sent to that service alone
 */
public record Credentials(String user, String secret, Optional<String> identityToken) {
    /** The name under which credential helpers hand out identity tokens. */
    static final String TOKEN_USER = "<token>";

    /** A name and a password. */
    public static Credentials of(String user, String secret) {
        return user.equals(TOKEN_USER) ? new Credentials("", "", Optional.of(secret)) : new Credentials(user, secret, Optional.empty());
    }

    /** The value of an Authorization header (RFC 7617). */
    String basic() {
        return "Basic " + encoded();
    }

    /** As credential files hold it. */
    String encoded() {
        return Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return identityToken.isPresent() ? "an identity token" : "user " + user;
    }
}
