package dev.carafe.cli.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiltersTest {
    private static final List<String> KNOWN = List.of("label", "name", "dangling");

    @Test
    void valuesAreGatheredByName() {
        var filters = Filters.parse(List.of("label=a=b", "NAME = x ", "", "label=c"), KNOWN);
        assertThat(filters.of("label")).containsExactly("a=b", "c");
        assertThat(filters.of("name")).containsExactly("x");
        assertThat(filters.of("dangling")).isEmpty();
        assertThat(filters.values().keySet()).containsExactly("label", "name");
    }

    @Test
    void aFilterNeedsAValueAndAKnownName() {
        assertThatThrownBy(() -> Filters.parse(List.of("nope"), KNOWN)).isInstanceOf(Fault.class)
                .hasMessage("bad format of filter: expected name=value, not \"nope\"");
        assertThatThrownBy(() -> Filters.parse(List.of("a=b"), KNOWN)).isInstanceOf(Fault.class)
                .hasMessage("invalid filter 'a': unknown name; known are label, name, dangling");
    }

    @Test
    void aTruthIsOneOfFourWords() {
        assertThat(Filters.parse(List.of("dangling=true"), KNOWN).truth("dangling")).contains(true);
        assertThat(Filters.parse(List.of("dangling=0"), KNOWN).truth("dangling")).contains(false);
        assertThat(Filters.parse(List.of(), KNOWN).truth("dangling")).isEmpty();
        assertThatThrownBy(() -> Filters.parse(List.of("dangling=x"), KNOWN).truth("dangling"))
                .hasMessage("invalid filter 'dangling=x': must be true or false");
        assertThatThrownBy(() -> Filters.parse(List.of("dangling=0", "dangling=1"), KNOWN).truth("dangling"))
                .hasMessage("invalid filter 'dangling': both true and false");
    }
}
