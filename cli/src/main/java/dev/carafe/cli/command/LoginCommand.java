package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.oci.Reference;
import dev.carafe.transport.registry.CredentialFiles;
import dev.carafe.transport.registry.Credentials;
import dev.carafe.transport.registry.Registry;
import dev.carafe.transport.registry.RegistrySettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code carafe login}: see whether a registry accepts somebody, and keep the credentials. */
final class LoginCommand implements Command {
    private static final int LONGEST = 64 << 10;
    private static final CommandSpec SPEC = CommandSpec.builder("carafe login", "Log in to a registry").operands("[OPTIONS] REGISTRY", 1, 1)
            .options(Option.of(Type.TEXT, 'u', "username", "User name"),
                    Option.of(Type.TEXT, 'p', "password", "Password or token (others can see it: rather use --password-stdin)"),
                    Option.of(Type.SWITCH, "password-stdin", "Take the password from standard input"),
                    Option.of(Type.SWITCH, "get-login", "Print who is logged in"),
                    Option.of(Type.TEXT, "authfile", "File to keep the credentials in").placeholder("path"),
                    Option.of(Type.TEXT, "cert-dir", "Directory with certificates for the registry").placeholder("path"),
                    Option.of(Type.SWITCH, "tls-verify", "Check certificates and do not fall back to plain HTTP (default: except on the loopback)"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        RegistrySettings settings = settings(call, values);
        String key = registry(operands.getFirst());
        String domain = key.indexOf('/') < 0 ? key : key.substring(0, key.indexOf('/'));
        if (values.on("get-login")) {
            call.console().out(new CredentialFiles(settings).user(key).orElseThrow(() ->
                    Fault.notFound("log in", "\"" + key + "\"", "nobody is logged in there")) + "\n");
            return 0;
        }
        Credentials credentials = credentials(call, values, settings, key);
        try (Registry registry = Registry.open(domain, settings.withCredentials(credentials))) {
            registry.authenticate();
        }
        Path file = new CredentialFiles(settings).store(key, credentials, true);
        if (values.given("password")) {
            call.console().error("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n");
        }
        call.console().error("Credentials are kept in " + file + "\n");
        call.console().out("Login Succeeded\n");
        return 0;
    }

    static RegistrySettings settings(Call call, Values values) {
        RegistrySettings settings = RegistrySettings.of(call.console().request().environment());
        if (values.given("authfile")) {
            settings = settings.withAuthFile(call.path(values.text("authfile")));
        }
        if (values.given("cert-dir")) {
            settings = settings.withCertificates(call.path(values.text("cert-dir")));
        }
        return values.given("tls-verify") ? settings.withTlsVerify(values.on("tls-verify")) : settings;
    }

    /** A registry, or a repository in it; an address of it will do. */
    static String registry(String text) {
        String key = text.startsWith("https://") ? text.substring(8) : text.startsWith("http://") ? text.substring(7) : text;
        key = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        Reference.parse(key.indexOf('/') < 0 ? key + "/any" : key);
        return key;
    }

    private static Credentials credentials(Call call, Values values, RegistrySettings settings, String key) {
        if (values.on("password-stdin") && values.given("password")) {
            throw Fault.invalid("log in", "\"" + key + "\"", "--password and --password-stdin are mutually exclusive");
        }
        Optional<String> user = values.textIfGiven("username").or(() -> new CredentialFiles(settings).user(key));
        if (user.isEmpty()) {
            throw Fault.invalid("log in", "\"" + key + "\"", "no user name").hint("give it with -u, and the password with --password-stdin");
        }
        if (values.given("password")) {
            return Credentials.of(user.get(), values.text("password"));
        }
        if (!values.on("password-stdin")) {
            throw Fault.invalid("log in", "\"" + key + "\"", "no password").hint("pipe it in with --password-stdin");
        }
        try (InputStream in = call.console().in()) {
            String password = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
            int end = password.length();
            while (end > 0 && (password.charAt(end - 1) == '\n' || password.charAt(end - 1) == '\r')) {
                end--;
            }
            if (end == 0) {
                throw Fault.invalid("log in", "\"" + key + "\"", "password is empty");
            }
            return Credentials.of(user.get(), password.substring(0, end));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "standard input", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
