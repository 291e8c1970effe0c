package dev.gitblobs.client.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{\"a\":1,\"a\":2}", "[1,]", "1 2", "nul", "\"\\ud8\"", "{\"a\":1}x"})
  void refusesWhatIsNotOneValue(String text) {
    assertThatThrownBy(() -> JsonReader.read(text))
        .isInstanceOf(JsonReader.InvalidJsonException.class);
  }

  @Test
  void refusesNestingThatWouldOverflowTheStack() {
    assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000)))
        .isInstanceOf(JsonReader.InvalidJsonException.class);
  }

  @Test
  void keepsLoneSurrogates() {
    assertThat(JsonReader.read("\"a\\ud800b\"").toText()).isEqualTo("\"a\\ud800b\"");
  }

  @Test
  void putsNestedIntegerKeysFirst() {
    assertThat(JsonReader.read("[{\"b\":1,\"2\":2,\"1\":3}]").toText())
        .isEqualTo("[{\"1\":3,\"2\":2,\"b\":1}]");
  }
}
