package dev.carafe.build.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "*.log|a.log|true", "*.log|d/a.log|false", "**/*.log|d/e/a.log|true", "**/*.log|a.log|true", "d|d/e/f|true", "/d/|d/x|true", "d/*|d/e/f|true", "d/?|d/ab|false",
            "[ab].c|a.c|true", "[^ab].c|a.c|false", "# d|d|false", "*.md;!README.md|README.md|false", "*.md;!README.md|x.md|true", "!README.md;*.md|README.md|true",
            "d;!d/keep|d/keep|false", "d;!d/keep|d/other|true", "./a/../b|b|true", "**|x/y|true", "a**|abc/d|true", "a\\*b|a*b|true", "a\\*b|axb|false"
    })
    void aPathIsLeftOutAsDockersPageSays(String rules, String path, boolean ignored) {
        assertThat(IgnoreRules.parse(rules.replace(';', '\n')).ignores(path)).isEqualTo(ignored);
    }
}
