package dev.carafe.transport.registry;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program {@code docker-credential-NAME} in the caller's path that keeps credentials, by docker's protocol: the word
 * {@code get}, {@code store} or {@code erase} as its argument, the server or a JSON object as its input.
 */
record CredentialHelper(String name, Map<String, String> environment) {
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int SECONDS = 60;
    private static final String NOT_FOUND = "credentials not found in native keychain";

    /** What it keeps for a server; a helper that fails otherwise than by having nothing is a fault. */
    Optional<Credentials> get(String server) {
        Answer answer = run("get", server);
        if (answer.status() != 0) {
            if (answer.text().contains(NOT_FOUND)) {
                return Optional.empty();
            }
            throw fault("get credentials for " + server, answer.text().strip());
        }
        JsonObject object = Json.parseObject("answer of docker-credential-" + name, answer.text());
        String user = object.has("Username") ? object.get("Username").getAsString() : "";
        String secret = object.has("Secret") ? object.get("Secret").getAsString() : "";
        return user.isEmpty() && secret.isEmpty() ? Optional.empty() : Optional.of(Credentials.of(user, secret));
    }

    void store(String server, Credentials credentials) {
        var object = new JsonObject();
        object.addProperty("ServerURL", server);
        object.addProperty("Username", credentials.identityToken().isPresent() ? Credentials.TOKEN_USER : credentials.user());
        object.addProperty("Secret", credentials.identityToken().orElse(credentials.secret()));
        Answer answer = run("store", Json.compact(object));
        if (answer.status() != 0) {
            throw fault("store credentials for " + server, answer.text().strip());
        }
    }

    /** False when it had none. */
    boolean erase(String server) {
        Answer answer = run("erase", server);
        if (answer.status() != 0 && !answer.text().contains(NOT_FOUND)) {
            throw fault("erase credentials for " + server, answer.text().strip());
        }
        return answer.status() == 0;
    }

    private record Answer(int status, String text) {}

    private Answer run(String verb, String input) {
        Path program = find();
        var builder = new ProcessBuilder(program.toString(), verb).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException deaf) {
                // One that does not read its input may answer all the same.
            }
            byte[] answer = process.getInputStream().readNBytes(LONGEST_ANSWER);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw fault(verb, "no answer within " + SECONDS + " seconds");
            }
            return new Answer(process.exitValue(), new String(answer, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw fault(verb, String.valueOf(e.getMessage())).cause(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "run", "docker-credential-" + name, "interrupted");
        }
    }

    private Path find() {
        for (String directory : environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")) {
            Path program = Path.of(directory.isEmpty() ? "." : directory, "docker-credential-" + name);
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        throw Fault.notFound("run", "\"docker-credential-" + name + "\"", "not in PATH").hint("install it, or take it out of the credential file");
    }

    private Fault fault(String doing, String reason) {
        return Fault.of(Fault.Kind.UNAVAILABLE, "docker-credential-" + name, doing, reason.isEmpty() ? "it failed" : reason);
    }
}
