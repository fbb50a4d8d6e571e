package dev.carafe.junit;

import dev.carafe.engine.Container;
import dev.carafe.engine.Health;
import dev.carafe.engine.LogReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** When a container may be used. Asked again and again until it says yes; it may block for as long as one question takes. */
public sealed interface Readiness {
    /** Whether it may be used now. */
    boolean isReady(Container container);

    /** What is waited for, in words. */
    String what();

    /** As soon as its program runs. */
    static Readiness started() {
        return new All(List.of());
    }

    /** Something in it listens on that TCP port; nothing is connected to. */
    static Readiness port(int port) {
        return new Port(port);
    }

    /** Its output, of both streams, has something that the expression finds. */
    static Readiness log(String expression) {
        return new Log(Pattern.compile(expression, Pattern.MULTILINE));
    }

    /** It answers a GET of that path with a status below 400. */
    static Readiness http(int port, String path) {
        return new Http(port, path);
    }

    /** Its health checks say so. */
    static Readiness healthy() {
        return new Healthy();
    }

    /** All of those, in any order. */
    static Readiness all(Readiness... each) {
        return new All(List.of(each));
    }

    /** By the tables of its network namespace (proc_pid_net(5)), so that the image needs no program for it. */
    record Port(int port) implements Readiness {
        private static final String LISTEN = "0A";

        @Override
        public boolean isReady(Container container) {
            int init = container.status().pid();
            return init > 0 && (listens(Path.of("/proc/" + init + "/net/tcp")) || listens(Path.of("/proc/" + init + "/net/tcp6")));
        }

        private boolean listens(Path table) {
            String wanted = ":" + String.format("%04X", port);
            try {
                for (String line : Files.readAllLines(table)) {
                    String[] fields = line.trim().split("\\s+");
                    if (fields.length > 3 && fields[1].endsWith(wanted) && fields[3].equals(LISTEN)) {
                        return true;
                    }
                }
            } catch (IOException ended) {
                return false;
            }
            return false;
        }

        @Override
        public String what() {
            return "a listener on port " + port;
        }
    }

    /** By its log. */
    record Log(Pattern expression) implements Readiness {
        @Override
        public boolean isReady(Container container) {
            return expression.matcher(text(container)).find();
        }

        static String text(Container container) {
            var text = new StringBuilder();
            try (LogReader log = container.logs().orElse(null)) {
                if (log != null) {
                    for (Optional<LogReader.Piece> piece = log.next(); piece.isPresent(); piece = log.next()) {
                        text.append(new String(piece.get().bytes(), StandardCharsets.UTF_8));
                    }
                }
            }
            return text.toString();
        }

        @Override
        public String what() {
            return "output that has \"" + expression + "\"";
        }
    }

    /** By asking it. */
    record Http(int port, String path) implements Readiness {
        private static final Duration PATIENCE = Duration.ofSeconds(2);
        private static final int BAD = 400;

        @Override
        public boolean isReady(Container container) {
            try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
                URI uri = URI.create("http://" + Addresses.of(container) + ":" + port + (path.startsWith("/") ? path : "/" + path));
                return client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.discarding()).statusCode() < BAD;
            } catch (IOException notYet) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public String what() {
            return "an answer on port " + port + " to GET " + path;
        }
    }

    /** By its health checks. */
    record Healthy() implements Readiness {
        @Override
        public boolean isReady(Container container) {
            return container.health().filter(health -> health.status() == Health.Status.HEALTHY).isPresent();
        }

        @Override
        public String what() {
            return "a health check that says so";
        }
    }

    /** By all of those. */
    record All(List<Readiness> each) implements Readiness {
        public All {
            each = List.copyOf(each);
        }

        @Override
        public boolean isReady(Container container) {
            return container.status().running() && each.stream().allMatch(one -> one.isReady(container));
        }

        @Override
        public String what() {
            return each.isEmpty() ? "its program" : String.join(" and ", each.stream().map(Readiness::what).toList());
        }
    }
}
