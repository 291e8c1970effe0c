package dev.gitblobs.cloudflare.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Script;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CronTickerTest {
  private static final Instant MINUTE = Instant.parse("2026-11-23T10:17:00Z");

  @Test
  void firesWhatIsDueThoughAnotherOneFails() {
    List<String> fired = new ArrayList<>();
    CronTicker ticker =
        new CronTicker(
            Clock.systemUTC(),
            () -> state("0 0 * * *", "17 * * * *", "*/17 * * * *"),
            (script, cron, time) -> {
              fired.add(script + " " + cron + " " + time);
              throw new IllegalStateException("the handler failed");
            },
            () -> {});
    ticker.tick(MINUTE);
    ticker.close();
    assertThat(fired).containsExactly("app 17 * * * * " + MINUTE, "app */17 * * * * " + MINUTE);
  }

  private static AccountState state(String... crons) {
    List<Script.Schedule> schedules = new ArrayList<>();
    for (String cron : crons) {
      schedules.add(new Script.Schedule(cron, MINUTE, MINUTE));
    }
    Script script =
        new Script(
            "app",
            "tag",
            MINUTE,
            MINUTE,
            1,
            null,
            Map.of(),
            JsonNodeFactory.instance.objectNode(),
            schedules,
            new Script.Subdomain(false, false),
            List.of(),
            List.of());
    return new AccountState(Map.of(), Map.of("app", script), Map.of(), Map.of(), Map.of());
  }
}
