package dev.gitblobs.ops.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.cloudflare.ApiException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({
    "0, CLOUDFLARE_BASE_URL",
    "401, CLOUDFLARE_API_TOKEN",
    "403, CLOUDFLARE_API_TOKEN",
    "404, another account",
    "429, wait five minutes",
    "500, cloudflarestatus"
  })
  void saysWhatToDoAboutEachRefusalOfCloudflare(int status, String remedy) {
    Failure failure = Failure.of(new ApiException("GET /x", status, 0, "no", null));
    assertThat(failure.message()).startsWith("Cloudflare: ").contains("no");
    assertThat(failure.remedy()).contains(remedy);
    assertThat(failure.exitCode()).isEqualTo(1);
  }

  @Test
  void asksForAReportOnlyWhenNobodyExpectedIt() {
    assertThat(Failure.of(new IllegalStateException("odd")).remedy()).contains("report");
  }
}
