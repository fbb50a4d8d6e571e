package dev.carafe.cli.build;

import dev.carafe.base.Fault;
import dev.carafe.build.BuildContext;
import dev.carafe.build.BuildRequest;
import dev.carafe.build.dockerfile.CommaFields;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.run.Caller;
import dev.carafe.engine.Images;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The options of {@code carafe build}: those of docker's, and a few of its own. */
public final class BuildFlags {
    private static final Option TIMESTAMP = Option.of(Type.TEXT, "timestamp", "What times in the image are at most (seconds since 1970, or \"now\"); else that of the base images");
    public static final CommandSpec SPEC = CommandSpec.builder("carafe build", "Build an image from a Dockerfile").aliases("carafe image build", "carafe builder build")
            .operands("[OPTIONS] PATH | -", 1, 1)
            .options(Option.of(Type.LIST, "add-host", "Add a line to the hosts file of commands (NAME:ADDRESS)"),
                    Option.of(Type.LIST, "allow", "Allow what commands may not do otherwise (\"network.host\", \"security.insecure\")"),
                    Option.of(Type.LIST, "build-arg", "Set an argument of the build (NAME=VALUE, or NAME for that of the environment)"),
                    Option.of(Type.LIST, "build-context", "Further files under a name (NAME=PATH or NAME=docker-image://REFERENCE)"),
                    Option.absent("cache-from", "the cache of builds is on this machine alone"),
                    Option.absent("cache-to", "the cache of builds is on this machine alone"),
                    Option.of(Type.TEXT, "cgroup-parent", "Make the control groups of commands in this one"),
                    Option.of(Type.TEXT, 'f', "file", "The Dockerfile (PATH/Dockerfile, else PATH/Containerfile; - for standard input)"),
                    Option.of(Type.TEXT, "iidfile", "Write the id of the image to this file"),
                    Option.of(Type.LIST, "label", "Add a label to the image"),
                    Option.of(Type.TEXT, "network", "The network of commands (\"default\", \"none\", \"host\" or a name)"),
                    Option.of(Type.SWITCH, "no-cache", "Do every step anew"),
                    Option.of(Type.LIST, "no-cache-filter", "Do the steps of these stages anew"),
                    Option.of(Type.LIST, 'o', "output", "Where the result goes (DIRECTORY, or type=local|tar|oci|docker|image,dest=PATH)"),
                    Option.of(Type.SWITCH, "plan", "Tell what would be done and why, and do nothing"),
                    Option.of(Type.TEXT, "platform", "Build for this platform"),
                    Option.of(Type.TEXT, "progress", "How progress is shown (\"auto\", \"plain\", \"quiet\")").initially("auto"),
                    Option.of(Type.SWITCH, "pull", "Look for newer base images"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print the id of the image and nothing else"),
                    Option.of(Type.LIST, "secret", "Let commands have a secret (id=ID,src=FILE or id=ID,env=NAME)"),
                    Option.of(Type.SWITCH, "squash", "Make one layer of all that the build made upon its base"),
                    Option.of(Type.LIST, "ssh", "Let commands have an agent (default, or ID=SOCKET)"),
                    Option.of(Type.LIST, 't', "tag", "Name of the image (NAME:TAG)"),
                    Option.of(Type.TEXT, "target", "Build this stage"),
                    TIMESTAMP, TIMESTAMP.alias("source-date-epoch"),
                    Option.of(Type.SWITCH, "verify-reproducible", "Build a second time without the cache, and compare"),
                    Option.of(Type.SWITCH, "why", "Tell of each step why it is not taken from the cache"))
            .build();

    private BuildFlags() {
    }

    /** The request that the words make. @param in the caller's standard input */
    public static BuildRequest read(Values values, List<String> operands, Caller caller, Supplier<InputStream> in, Images.Fetch fetch) {
        String place = operands.getFirst();
        String file = values.text("file");
        if (place.equals("-") && file.equals("-")) {
            throw Fault.invalid("build", "from standard input", "invalid argument: can't use stdin for both build context and dockerfile");
        }
        BuildRequest.Builder request = place.equals("-") ? piped(in.get()) : BuildRequest.builder(directory(place, caller));
        if (file.equals("-")) {
            request.text(text(in.get()));
        } else if (!file.isEmpty()) {
            request.dockerfile(place.equals("-") ? file : caller.directory().resolve(file).toAbsolutePath().normalize().toString());
        }
        Optional<String> epoch = values.textIfGiven("timestamp").or(() -> Optional.ofNullable(caller.environment().get("SOURCE_DATE_EPOCH")).filter(t -> !t.isEmpty()));
        epoch.ifPresent(text -> request.time(time(text)));
        values.textIfGiven("target").filter(t -> !t.isEmpty()).ifPresent(request::target);
        values.textIfGiven("platform").filter(t -> !t.isEmpty()).ifPresent(request::platform);
        values.textIfGiven("network").filter(t -> !t.isEmpty()).ifPresent(request::network);
        values.textIfGiven("cgroup-parent").filter(t -> !t.isEmpty()).ifPresent(request::cgroupParent);
        boolean image = values.list("output").stream().map(OutputWords::parse).allMatch(OutputWords::takesImage);
        return request.store(image).tags(values.list("tag")).arguments(arguments(values.list("build-arg"), caller)).cached(!values.on("no-cache"))
                .uncachedStages(Set.copyOf(values.list("no-cache-filter"))).pull(values.on("pull")).squash(values.on("squash")).labels(pairs(values.list("label"))).hosts(values.list("add-host"))
                .contexts(contexts(values.list("build-context"), caller)).secrets(secrets(values.list("secret"), caller)).agents(agents(values.list("ssh"), caller))
                .allowed(new HashSet<>(values.list("allow"))).fetch(fetch).build();
    }

    private static Path path(String text, Caller caller) {
        return caller.directory().resolve(text).toAbsolutePath().normalize();
    }

    private static BuildContext directory(String place, Caller caller) {
        if (place.startsWith("http://") || place.startsWith("https://") || place.startsWith("git@") || place.startsWith("git://")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "build", "context \"" + place + "\"", "contexts from elsewhere are not fetched").hint("fetch it first, and give its directory");
        }
        Path path = path(place, caller);
        if (!Files.isDirectory(path)) {
            throw Fault.notFound("unable to prepare context", "", Files.exists(path) ? "path \"" + place + "\" is not a directory" : "path \"" + place + "\" not found");
        }
        return new BuildContext.Directory(path);
    }

    /** What is piped in is an archive or a Dockerfile, as its first block tells. */
    private static BuildRequest.Builder piped(InputStream in) {
        var buffered = new BufferedInputStream(in, 1 << 16);
        try {
            buffered.mark(1 << 15);
            byte[] first = buffered.readNBytes(512);
            buffered.reset();
            boolean packed = first.length > 2 && (first[0] & 0xFF) == 0x1F && (first[1] & 0xFF) == 0x8B || first.length > 4 && first[0] == 0x28 && (first[1] & 0xFF) == 0xB5;
            boolean tar = first.length == 512 && first[257] == 'u' && first[258] == 's' && first[259] == 't' && first[260] == 'a' && first[261] == 'r';
            if (packed || tar) {
                return BuildRequest.builder(new BuildContext.Archive(buffered));
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "standard input", String.valueOf(e.getMessage())).cause(e);
        }
        return BuildRequest.builder(new BuildContext.Nothing()).text(text(buffered));
    }

    private static String text(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "standard input", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static Instant time(String text) {
        if (text.equals("now")) {
            return Instant.ofEpochSecond(Instant.now().getEpochSecond());
        }
        try {
            return Instant.ofEpochSecond(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw Fault.invalid("read", "time \"" + text + "\"", "it is no number of seconds since 1970");
        }
    }

    private static Map<String, String> arguments(List<String> words, Caller caller) {
        var arguments = new LinkedHashMap<String, String>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals >= 0) {
                arguments.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (caller.environment().containsKey(word)) {
                arguments.put(word, caller.environment().get(word));
            }
        }
        return arguments;
    }

    private static Map<String, String> pairs(List<String> words) {
        var pairs = new LinkedHashMap<String, String>();
        for (String word : words) {
            int equals = word.indexOf('=');
            pairs.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
        }
        return pairs;
    }

    private static Map<String, BuildContext> contexts(List<String> words, Caller caller) {
        var contexts = new LinkedHashMap<String, BuildContext>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw Fault.invalid("build", "context \"" + word + "\"", "invalid context value, expected key=value");
            }
            String value = word.substring(equals + 1);
            contexts.put(word.substring(0, equals), value.startsWith("docker-image://") ? new BuildContext.Image(value.substring("docker-image://".length()))
                    : directory(value.startsWith("local:") ? value.substring(6) : value, caller));
        }
        return contexts;
    }

    private static Map<String, byte[]> secrets(List<String> words, Caller caller) {
        var secrets = new LinkedHashMap<String, byte[]>();
        for (String word : words) {
            Map<String, String> fields = fields(word, List.of("id", "src", "source", "env", "type"), "secret");
            String id = Optional.ofNullable(fields.get("id")).or(() -> Optional.ofNullable(fields.get("src"))).orElseThrow(() -> Fault.invalid("read", "secret \"" + word + "\"", "it has no id"));
            String source = fields.getOrDefault("src", fields.getOrDefault("source", ""));
            String name = fields.getOrDefault("env", fields.getOrDefault("type", "").equals("env") && !source.isEmpty() ? source : "");
            if (!name.isEmpty()) {
                secrets.put(id, value(name, id, caller).getBytes(StandardCharsets.UTF_8));
            } else if (!source.isEmpty()) {
                secrets.put(id, caller.files().read(path(source, caller)));
            } else if (caller.environment().containsKey(id)) {
                secrets.put(id, caller.environment().get(id).getBytes(StandardCharsets.UTF_8));
            } else {
                secrets.put(id, caller.files().read(path(id, caller)));
            }
        }
        return secrets;
    }

    private static String value(String name, String id, Caller caller) {
        return Optional.ofNullable(caller.environment().get(name)).orElseThrow(() -> Fault.notFound("read", "secret \"" + id + "\"", "variable " + name + " is not set"));
    }

    private static Map<String, String> fields(String word, List<String> known, String what) {
        var fields = new LinkedHashMap<String, String>();
        for (String field : CommaFields.of(word)) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            if (equals < 0 || !known.contains(name)) {
                throw Fault.invalid("read", what + " \"" + word + "\"", equals < 0 ? "invalid field '" + field + "' must be a key=value pair" : "unexpected key '" + name + "'");
            }
            fields.put(name, field.substring(equals + 1));
        }
        return fields;
    }

    private static Map<String, Path> agents(List<String> words, Caller caller) {
        var agents = new LinkedHashMap<String, Path>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String id = equals < 0 ? word : word.substring(0, equals);
            String socket = equals < 0 ? caller.environment().getOrDefault("SSH_AUTH_SOCK", "") : word.substring(equals + 1);
            if (socket.isEmpty()) {
                throw Fault.notFound("find", "ssh agent \"" + id + "\"", "SSH_AUTH_SOCK is not set");
            }
            agents.put(id, path(socket, caller));
        }
        return agents;
    }
}
