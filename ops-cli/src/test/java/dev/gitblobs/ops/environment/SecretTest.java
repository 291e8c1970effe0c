package dev.gitblobs.ops.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
  private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz012345";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r\n",
        "\0",
        "\t",
        " ",
        "\u001b[2J",
        "\u007f",
        "\u00a0",
        "é",
        "\u200b",
        "\u2028",
        "\ufeff",
        "“",
        "”",
        "\ud83d",
        "😀"
      })
  void refusesATokenWithACharacterThatNoTokenHasAndShowsNothingOfIt(String wrong) {
    IntStream.range(1, TOKEN.length())
        .forEach(
            place -> {
              String text = TOKEN.substring(0, place) + wrong + TOKEN.substring(place);
              assertThatThrownBy(() -> Secret.token("RELAY_ADMIN_TOKEN", text))
                  .isInstanceOfSatisfying(
                      OpsException.class,
                      told -> {
                        assertThat(told)
                            .hasMessageContaining("RELAY_ADMIN_TOKEN")
                            .hasMessageContaining(
                                "U+%04X at place %d".formatted(wrong.codePointAt(0), place + 1));
                        assertThat(told.toString()).doesNotContainPattern("abcd|wxyz|2345");
                      });
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s\n", "  %s\t", "\ufeff%s", "\ufeff %s\r\n", "\u2003%s"})
  void takesOffWhatFilesAndCopyingPutAroundIt(String form) {
    assertThat(Secret.token("it", form.formatted(TOKEN)).value()).isEqualTo(TOKEN);
  }

  @Test
  void neverShowsItself() {
    assertThat(new Secret(TOKEN)).hasToString("(secret)");
  }
}
