package dev.gitblobs.ops.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

final class FailureTest {
  @Test
  void namesTheFileThatIsNotThereOrMayNotBeRead() {
    Failure missing = Failure.of(new UncheckedIOException(new NoSuchFileException("token.txt")));
    assertThat(missing.message()).contains("token.txt is not there");
    assertThat(missing.remedy()).doesNotContain("report");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(Failure.of(new UncheckedIOException(new AccessDeniedException("x"))).message())
        .contains("x may not be used by you");
  }

  @Test
  void asksForAReportOnlyWhenNobodyExpectedIt() {
    assertThat(Failure.of(new IllegalStateException("odd")).remedy()).contains("report");
  }
}
