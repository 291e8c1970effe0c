package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 7, 0x1b, 0x7f, 0x9b, 0xad, 0x61c, 0x200b, 0x200d, 0x200e, 0x202e, 0x2028, 0x2060, 0x2066,
        0x3164, 0xfeff, 0xe0041
      })
  void showsWhatWouldNotBeSeen(int character) {
    String name = "a" + Character.toString(character) + "b";
    String shown = "a\\" + (character < 0x100 ? "x%02x" : "u{%04x}").formatted(character) + "b";
    assertThat(SafeText.line(name)).isEqualTo(shown);
    assertThat(SafeText.lines(name)).isEqualTo(shown);
  }

  @Test
  void showsLineEndsInNamesAndKeepsThemInTexts() {
    assertThat(SafeText.line("a\nb\tc")).isEqualTo("a\\x0ab\\x09c");
    assertThat(SafeText.lines("a\nb\tc")).isEqualTo("a\nb\tc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"größe", "日本語.txt", "👩‍💻.txt", "👩🏽‍💻", "a b"})
  void leavesWordsAndPicturesAsTheyAre(String name) {
    assertThat(SafeText.line(name)).isEqualTo(name);
  }
}
