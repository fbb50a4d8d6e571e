package dev.carafe.cli.command;

import dev.carafe.base.Durations;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.transport.registry.Credentials;
import dev.carafe.transport.registry.RegistrySettings;
import java.time.Duration;

/** The options by which commands say how registries are reached, as podman and skopeo name them. */
final class RegistryFlags {
    private static final long RETRIES = 4;

    private RegistryFlags() {
    }

    static Option[] options() {
        Option retry = Option.of(Type.INT, "retry", "How often to try again after a failure that may pass").initially(String.valueOf(RETRIES));
        return new Option[] {retry, retry.alias("retry-times"), Option.of(Type.TEXT, "authfile", "File with credentials").placeholder("path"),
            Option.of(Type.TEXT, "creds", "Credentials to use: USER[:PASSWORD]").placeholder("user:password"),
            Option.of(Type.TEXT, "cert-dir", "Directory with certificates for the registry (*.crt, *.cert, *.key)").placeholder("path"),
            Option.of(Type.SWITCH, "tls-verify", "Check certificates and do not fall back to plain HTTP (default: except on the loopback)"),
            Option.of(Type.TEXT, "retry-delay", "Pause before the first of these (such as 500ms)").placeholder("duration").initially("300ms")};
    }

    static RegistrySettings settings(Call call, Values values) {
        RegistrySettings settings = RegistrySettings.of(call.console().request().environment()).withRetries((int) values.number("retry"), delay(values));
        if (values.given("authfile")) {
            settings = settings.withAuthFile(call.path(values.text("authfile")));
        }
        if (values.given("creds")) {
            settings = settings.withCredentials(credentials(values.text("creds")));
        }
        if (values.given("cert-dir")) {
            settings = settings.withCertificates(call.path(values.text("cert-dir")));
        }
        return values.given("tls-verify") ? settings.withTlsVerify(values.on("tls-verify")) : settings;
    }

    private static Duration delay(Values values) {
        try {
            return Durations.parse(values.text("retry-delay"));
        } catch (Fault fault) {
            throw Fault.invalid("read option", "--retry-delay", fault.reason());
        }
    }

    /** {@code USER:PASSWORD}; the password may have colons. */
    static Credentials credentials(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw Fault.invalid("read option", "--creds", "expected USER:PASSWORD");
        }
        return Credentials.of(text.substring(0, colon), text.substring(colon + 1));
    }
}
