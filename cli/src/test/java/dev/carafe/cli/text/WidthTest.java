package dev.carafe.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WidthTest {
    @ParameterizedTest
    @CsvSource({"abc,3", "é,1", "世界,4", "a世,3", "😀,2", "'',0"})
    void wideCharactersTakeTwoPlaces(String text, int places) {
        assertThat(Width.of(text)).isEqualTo(places);
    }

    @ParameterizedTest
    @CsvSource({"abcd,4,abcd", "abcde,4,abc…", "世界世,6,世界世", "世界世界,6,世界…", "世界世界,7,世界世…", "ééééé,3,éé…", "😀😀😀,5,😀😀…"})
    void textIsCutToItsPlacesWithTheEllipsis(String text, int places, String expected) {
        assertThat(Width.cut(text, places)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"sha256:0123456789abcdef,0123456789ab", "0123456789abcdef,0123456789ab", "short,short", "sha256:ab,ab", "'',''"})
    void anIdIsShortenedToTwelve(String id, String expected) {
        assertThat(Width.shortId(id)).isEqualTo(expected);
    }
}
