package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A table of configurations that are wrong in one place each: {@code place = value | message}. The place is a path into a good configuration
 * (bad-configs-base.json); {@code -} takes it out. Reading and planning, which touch nothing, give the one line that names field and section.
 */
class BadConfigTest {
    private record Bad(int line, String place, String value, String message) {
        @Override
        public String toString() {
            return line + ": " + place + " = " + value;
        }
    }

    private static String resource(String name) {
        try (var in = BadConfigTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject base() {
        return Json.parseObject("config.json", resource("bad-configs-base.json"));
    }

    private static Stream<Bad> table() {
        var list = new ArrayList<Bad>();
        int number = 0;
        for (String line : resource("bad-configs.txt").split("\n")) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                int equals = line.indexOf(" = ");
                int bar = line.indexOf(" | ");
                list.add(new Bad(number, line.substring(0, equals), line.substring(equals + 3, bar), line.substring(bar + 3)));
            }
        }
        return list.stream();
    }

    /** Puts the value into the place, making objects and list entries on the way where they lack. */
    private static void put(JsonObject config, String place, String value) {
        List<String> steps = new ArrayList<>();
        for (String part : place.replace("[", ".[").split("\\.(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
            steps.add(part);
        }
        JsonElement at = config;
        for (int k = 0; k < steps.size(); k++) {
            String step = steps.get(k);
            boolean last = k == steps.size() - 1;
            String key = step.startsWith("[\"") ? step.substring(2, step.length() - 2) : step;
            if (step.startsWith("[") && !step.startsWith("[\"")) {
                JsonArray array = at.getAsJsonArray();
                int index = Integer.parseInt(step.substring(1, step.length() - 1));
                while (array.size() <= index) {
                    array.add(new JsonObject());
                }
                if (last) {
                    array.set(index, Json.parse("table", value));
                }
                at = array.get(index);
                continue;
            }
            JsonObject object = at.getAsJsonObject();
            if (last && value.equals("-")) {
                assertThat(object.remove(key)).as(place).isNotNull();
                return;
            }
            if (last) {
                object.add(key, Json.parse("table", value));
            } else if (!object.has(key)) {
                object.add(key, steps.get(k + 1).startsWith("[") && !steps.get(k + 1).startsWith("[\"") ? new JsonArray() : new JsonObject());
            }
            at = object.get(key);
        }
    }

    private static Throwable outcome(JsonObject config) {
        return catchThrowable(() -> {
            Plan plan = Planner.start(Spec.parse(Json.compact(config)), Bundles.launch(), Bundles.host(Bundles.V1));
            assertThat(plan.steps()).isNotEmpty();
        });
    }

    @Test
    void theConfigurationWithoutAnyOfThemIsGood() {
        assertThat(outcome(base())).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void aBadPlaceIsNamedWithItsSectionInOneLine(Bad bad) {
        JsonObject config = base();
        put(config, bad.place(), bad.value());
        Throwable found = outcome(config);
        assertThat(found).isInstanceOf(Fault.class).hasMessage(bad.message());
        assertThat(found.getMessage()).doesNotContain("\n").contains("(runtime-spec config");
    }

    @Test
    void theTableIsLongAndHasNoPlaceTwice() {
        Set<String> seen = new TreeSet<>();
        table().forEach(bad -> assertThat(seen.add(bad.place() + "=" + bad.value())).as(bad.toString()).isTrue());
        assertThat(seen).hasSizeGreaterThanOrEqualTo(150);
    }
}
