package dev.gitblobs.ops.relay;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Cleaning up a relay and counting what is in it, over {@code /admin}. */
public final class Upkeep {
  private static final int MAX_CALLS = 1000;

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
   * @param more whether some of it is left, for the relay's own hourly cleanup or another run
   */
  public record Cleanup(
      @JsonProperty("dry_run") boolean dryRun, Map<String, Long> expired, int calls, boolean more) {
    /** Rows of all tables. */
    public long rows() {
      return expired.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Counts what has expired. */
  public Cleanup count() {
    Map<String, Long> expired = new TreeMap<>();
    JsonNode answer = relay.post("/admin/cleanup", Map.of("dry_run", true));
    add(expired, answer);
    return new Cleanup(true, expired, 1, answer.path("more").asBoolean());
  }

  /**
   * Removes what has expired, in as many calls as that takes, but no more than {@value #MAX_CALLS}:
   * a relay on which things expire faster is still made smaller by each run.
   *
   * @param progress told the rows removed so far after each call
   */
  public Cleanup clean(Consumer<Long> progress) {
    Map<String, Long> expired = new TreeMap<>();
    int calls = 0;
    boolean more = true;
    while (more && calls < MAX_CALLS) {
      JsonNode answer = relay.post("/admin/cleanup", Map.of("dry_run", false));
      add(expired, answer);
      calls++;
      more = answer.path("more").asBoolean();
      progress.accept(expired.values().stream().mapToLong(Long::longValue).sum());
    }
    return new Cleanup(false, expired, calls, more);
  }

  /**
   * How much of everything there is, by the relay's own names; what it does not know is left out.
   */
  public Map<String, Long> stats() {
    Map<String, Long> stats = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : relay.get("/admin/stats").properties()) {
      if (field.getValue().isNumber()) {
        stats.put(field.getKey(), field.getValue().asLong());
      }
    }
    return stats;
  }

  private static void add(Map<String, Long> expired, JsonNode answer) {
    answer
        .path("expired")
        .properties()
        .forEach(table -> expired.merge(table.getKey(), table.getValue().asLong(), Long::sum));
  }
}
