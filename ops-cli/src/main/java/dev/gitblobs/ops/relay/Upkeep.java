package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cleaning up a relay and counting what is in it, over {@code /admin}. */
public final class Upkeep {
  private final RelayClient relay;

  /** The upkeep of that relay, whose client bears an admin's token. */
  public Upkeep(RelayClient relay) {
    this.relay = relay;
  }

  /**
   * What was expired.
   *
   * @param dryRun whether it was only counted
   * @param expired rows by table
   * @param calls how many calls it took
   */
  public record Cleanup(
      @JsonProperty("dry_run") boolean dryRun, Map<String, Long> expired, int calls) {
    /** Rows of all tables. */
    public long rows() {
      return expired.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Counts what has expired. */
  public Cleanup count() {
    Map<String, Long> expired = new TreeMap<>();
    add(expired, relay.post("/admin/cleanup", Map.of("dry_run", true)));
    return new Cleanup(true, expired, 1);
  }

  /**
   * Removes what has expired, in as many calls as that takes.
   *
   * @param progress told the rows removed so far after each call
   */
  public Cleanup clean(Consumer<Long> progress) {
    Map<String, Long> expired = new TreeMap<>();
    int calls = 0;
    boolean more = true;
    while (more) {
      JsonNode answer = relay.post("/admin/cleanup", Map.of("dry_run", false));
      add(expired, answer);
      calls++;
      more = answer.path("more").asBoolean();
      progress.accept(expired.values().stream().mapToLong(Long::longValue).sum());
    }
    return new Cleanup(false, expired, calls);
  }

  /** How much of everything there is, by the relay's own names. */
  public Map<String, Long> stats() {
    Map<String, Long> stats = new LinkedHashMap<>();
    relay
        .get("/admin/stats")
        .properties()
        .forEach(field -> stats.put(field.getKey(), field.getValue().asLong()));
    return stats;
  }

  /**
   * When the audit log last tells of an action, in milliseconds; null when its last page does not.
   */
  public @Nullable Long lastAudited(String action) {
    for (JsonNode entry : relay.get("/admin/audit?limit=200").path("entries")) {
      if (entry.path("action").asText().equals(action)) {
        return entry.path("at").asLong();
      }
    }
    return null;
  }

  private static void add(Map<String, Long> expired, JsonNode answer) {
    answer
        .path("expired")
        .properties()
        .forEach(table -> expired.merge(table.getKey(), table.getValue().asLong(), Long::sum));
  }
}
