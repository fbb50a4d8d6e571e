package dev.carafe.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IngredientsTest {
    private static Ingredients some() {
        return new Ingredients().add("base", "sha256:1234567890abcdef").add("variable V", "1").add("file a\tb", "file 644 x").add("file c", "file 644 y\nz\\n");
    }

    @Test
    void whatIsPrintedIsReadAgain() {
        assertThat(Ingredients.parse(some().print()).print()).isEqualTo(some().print());
        assertThat(Ingredients.parse(some().print()).key()).isEqualTo(some().key());
    }

    @Test
    void theFirstThatDiffersIsNamed() {
        assertThat(some().add("variable V", "2").differenceFrom(some())).isEqualTo("variable V changed: \"1\" → \"2\"");
        assertThat(some().add("file c", "file 755 y\nz\\n").differenceFrom(some())).isEqualTo("file c changed: mode 644 → 755");
        assertThat(some().add("file c", "link x").add("base", "sha256:22222222222222222").differenceFrom(some())).isEqualTo("base changed: sha256:123456789012 → sha256:222222222222 (and 1 more)".replace("123456789012", "1234567890ab"));
        assertThat(some().add("file new", "file 644 n").differenceFrom(some())).isEqualTo("file new is new");
        assertThat(some().differenceFrom(some().add("file gone", "x"))).isEqualTo("file gone is gone");
        assertThat(some().differenceFrom(some())).isEqualTo("its layer is not kept any more");
    }
}
