package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.docker.ServeAddress;
import dev.carafe.docker.TlsFiles;
import dev.carafe.engine.Roots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words behind {@code serve}, which are dockerd's. */
public final class ServeFlags {
    /** The table of {@code carafe serve}. */
    public static final CommandSpec SPEC = CommandSpec.builder("carafe serve", "Answer Docker's Engine API until told to stop").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.LIST, 'H', "host", "Listen there: unix://PATH or tcp://ADDRESS:PORT; several are possible").placeholder("list"),
                    Option.of(Type.TEXT, 'G', "group", "The group that may use the Unix socket, beside the superuser"),
                    Option.of(Type.SWITCH, "tls", "Speak TLS on TCP; --tls=false speaks in the clear, to whoever can reach the address"),
                    Option.of(Type.SWITCH, "tlsverify", "Speak TLS on TCP, with clients that have a certificate of the authority"),
                    Option.of(Type.TEXT, "tlscacert", "The authority of clients' certificates").placeholder("path"),
                    Option.of(Type.TEXT, "tlscert", "The server's certificate").placeholder("path"),
                    Option.of(Type.TEXT, "tlskey", "The server's private key").placeholder("path"))
            .build();

    private ServeFlags() {
    }

    /**
     * Where to listen.
     *
     * @param directory what paths start from
     */
    public static List<ServeAddress> addresses(Values values, Roots roots, Map<String, String> environment, Path directory) {
        Optional<String> group = values.textIfGiven("group").filter(name -> !name.isEmpty());
        boolean verify = values.on("tlsverify");
        boolean secret = verify || values.on("tls");
        Path certificates = Path.of(environment.getOrDefault("DOCKER_CERT_PATH", environment.getOrDefault("HOME", "/root") + "/.docker"));
        Optional<TlsFiles> tls = secret ? Optional.of(new TlsFiles(file(values, "tlscert", certificates.resolve("cert.pem"), directory),
                file(values, "tlskey", certificates.resolve("key.pem"), directory),
                verify ? Optional.of(file(values, "tlscacert", certificates.resolve("ca.pem"), directory)) : Optional.empty())) : Optional.empty();
        var addresses = new ArrayList<ServeAddress>();
        for (String host : values.list("host").isEmpty() ? List.of("unix://" + roots.run().resolve("docker.sock")) : values.list("host")) {
            if (host.startsWith("tcp://") && !secret && !values.given("tls")) {
                throw Fault.invalid("serve", "\"" + host + "\"", "whoever reaches it would have this machine")
                        .hint("use --tlsverify with --tlscacert, --tlscert and --tlskey, or say --tls=false");
            }
            addresses.add(ServeAddress.parse(host, group, tls));
        }
        return addresses;
    }

    private static Path file(Values values, String option, Path usual, Path directory) {
        return values.textIfGiven(option).filter(path -> !path.isEmpty()).map(directory::resolve).orElse(usual);
    }
}
