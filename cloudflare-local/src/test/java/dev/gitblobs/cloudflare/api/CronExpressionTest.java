package dev.gitblobs.cloudflare.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          * * * * *        | 2026-11-23T10:17:00Z | true
          17 * * * *       | 2026-11-23T10:17:00Z | true
          17 * * * *       | 2026-11-23T10:18:00Z | false
          */15 * * * *     | 2026-11-23T10:45:00Z | true
          */15 * * * *     | 2026-11-23T10:46:00Z | false
          0 9-17/2 * * *   | 2026-11-23T11:00:00Z | true
          0 9-17/2 * * *   | 2026-11-23T12:00:00Z | false
          0 0 1,15 * *     | 2026-11-15T00:00:00Z | true
          0 0 * * SUN      | 2026-11-22T00:00:00Z | true
          0 0 * * 1        | 2026-11-22T00:00:00Z | true
          0 0 * * 7        | 2026-11-22T00:00:00Z | false
          0 0 * nov MON-FRI| 2026-11-23T00:00:00Z | true
          0 0 13 * FRI     | 2026-11-13T00:00:00Z | true
          0 0 13 * FRI     | 2026-11-20T00:00:00Z | true
          0 0 13 * FRI     | 2026-11-21T00:00:00Z | false
          """)
  void firesInTheMinutesItNames(String cron, String time, boolean fires) {
    assertThat(CronExpression.parse(cron).matches(ZonedDateTime.parse(time))).isEqualTo(fires);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "* * * * 0",
        "5-1 * * * *",
        "1-2-3 * * * *",
        "*/0 * * * *",
        "x * * * *",
        "1,,2 * * * *",
        "-1 * * * *"
      })
  void refusesWhatIsNoCron(String cron) {
    assertThatThrownBy(() -> CronExpression.parse(cron))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
