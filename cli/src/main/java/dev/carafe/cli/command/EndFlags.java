package dev.carafe.cli.command;

import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.transport.registry.RegistrySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The options for the two ends of a copy, as skopeo names them: {@code src-…} and {@code dest-…}. */
final class EndFlags {
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final long RETRIES = 4;

    private EndFlags() {
    }

    static List<Option> options() {
        var options = new ArrayList<Option>();
        options.add(Option.of(Type.TEXT, "authfile", "File with credentials").placeholder("path"));
        options.add(Option.of(Type.INT, "retry-times", "How often to try again after a failure that may pass").initially(String.valueOf(RETRIES)));
        for (String end : List.of("src-", "dest-")) {
            String whose = end.equals("src-") ? " of the source" : " of the destination";
            options.add(Option.of(Type.TEXT, end + "authfile", "File with credentials" + whose).placeholder("path"));
            options.add(Option.of(Type.TEXT, end + "creds", "Credentials" + whose + ": USER[:PASSWORD]").placeholder("user:password"));
            options.add(Option.of(Type.SWITCH, end + "no-creds", "Use no credentials for the registry" + whose));
            options.add(Option.of(Type.TEXT, end + "cert-dir", "Directory with certificates for the registry" + whose).placeholder("path"));
            options.add(Option.of(Type.SWITCH, end + "tls-verify", "Check the certificate" + whose + " and do not fall back to plain HTTP"));
        }
        return options;
    }

    static RegistrySettings settings(Call call, Values values, String end) {
        RegistrySettings settings = RegistrySettings.of(call.console().request().environment()).withRetries((int) values.number("retry-times"), PAUSE);
        if (values.given("authfile")) {
            settings = settings.withAuthFile(call.path(values.text("authfile")));
        }
        if (values.given(end + "authfile")) {
            settings = settings.withAuthFile(call.path(values.text(end + "authfile")));
        }
        if (values.given(end + "creds")) {
            settings = settings.withCredentials(RegistryFlags.credentials(values.text(end + "creds")));
        } else if (values.on(end + "no-creds")) {
            settings = settings.asNobody();
        }
        if (values.given(end + "cert-dir")) {
            settings = settings.withCertificates(call.path(values.text(end + "cert-dir")));
        }
        return values.given(end + "tls-verify") ? settings.withTlsVerify(values.on(end + "tls-verify")) : settings;
    }
}
