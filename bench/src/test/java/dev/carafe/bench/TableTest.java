package dev.carafe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsLineUp() {
        var table = new Table("", "wall ms", "×").row("crun 1.8.1", "27.0", "1.00").row("runc", "44.1", "10.63");
        assertThat(table).hasToString("""
                |            | wall ms |     × |
                |------------|--------:|------:|
                | crun 1.8.1 |    27.0 |  1.00 |
                | runc       |    44.1 | 10.63 |
                """);
    }

    @Test
    void aBarInACellIsEscaped() {
        assertThat(new Table("a").row("x|y").toString()).contains("| x\\|y |");
    }

    @Test
    void aRowWithTooFewCellsIsRefused() {
        var table = new Table("a", "b");
        assertThatThrownBy(() -> table.row("1")).isInstanceOf(Fault.class).hasMessageContaining("expected 2 cells");
    }

    @Test
    void figuresHaveAboutThreeDigits() {
        assertThat(Table.figure(0)).isEqualTo("0");
        assertThat(Table.figure(0.034)).isEqualTo("0.03");
        assertThat(Table.figure(3.456)).isEqualTo("3.46");
        assertThat(Table.figure(34.56)).isEqualTo("34.6");
        assertThat(Table.figure(345.6)).isEqualTo("346");
    }

    @Test
    void aRatioToNothingIsNone() {
        assertThat(Table.ratio(3, 2)).isEqualTo("1.50");
        assertThat(Table.ratio(3, 0)).isEqualTo("–");
    }
}
