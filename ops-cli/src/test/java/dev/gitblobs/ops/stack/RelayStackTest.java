package dev.gitblobs.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RelayStackTest {
  @Test
  void showsTheEndOfALongOutputWhereTheReasonStands() {
    String output =
        IntStream.rangeClosed(1, 50)
            .mapToObj(line -> "line " + line + "\n\n")
            .collect(Collectors.joining());

    assertThat(RelayStack.lastLines(output))
        .startsWith("line 31\n")
        .endsWith("line 50")
        .doesNotContain("line 30\n");
  }

  @Test
  void showsAllOfAShortOutput() {
    assertThat(RelayStack.lastLines("error: no passphrase\n")).isEqualTo("error: no passphrase");
  }
}
