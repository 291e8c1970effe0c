package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.GitBlobsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTurnTest {
  @TempDir private Path folder;

  private DeviceTurn take() {
    return DeviceTurn.take(folder.resolve("own"), "laptop");
  }

  @Test
  void givesEachAtOnceANameOfItsOwnAndThatBackToTheNext() {
    try (DeviceTurn first = take()) {
      assertThat(first.name()).isEqualTo("laptop");
      DeviceTurn second = take();
      assertThat(second.name()).isEqualTo("laptop.2");
      try (DeviceTurn third = take()) {
        assertThat(third.name()).isEqualTo("laptop.3");
        second.close();
        try (DeviceTurn again = take()) {
          assertThat(again.name()).isEqualTo("laptop.2");
        }
      }
    }
    try (DeviceTurn first = take()) {
      assertThat(first.name()).isEqualTo("laptop");
    }
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Files.writeString(folder.resolve("own"), "a file");
    assertThatThrownBy(this::take)
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining(folder.resolve("own").toString());
  }
}
