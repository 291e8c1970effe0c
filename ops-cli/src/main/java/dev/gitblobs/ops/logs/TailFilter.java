package dev.gitblobs.ops.logs;

import dev.gitblobs.ops.environment.OpsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events a tail shows; what is left out filters nothing.
 *
 * @param outcome {@code ok}, {@code error} or {@code canceled}
 * @param method an HTTP method
 * @param search a text that a log line must contain
 * @param samplingRate share of the events, above 0 and up to 1
 */
public record TailFilter(
    @Nullable String outcome,
    @Nullable String method,
    @Nullable String search,
    @Nullable Double samplingRate) {
  /** What the runtime calls the ways to fail. */
  private static final List<String> ERRORS =
      List.of("exception", "exceededCpu", "exceededMemory", "scriptNotFound", "unknown");

  /** Refuses a share that is none. */
  public TailFilter {
    if (samplingRate != null && !(samplingRate > 0 && samplingRate <= 1)) {
      throw OpsException.usage(
          samplingRate + " is no share of the events.", "Give one above 0 and up to 1.");
    }
  }

  /** As the tails API takes them: a list of objects of one key each. */
  List<Map<String, Object>> toApi() {
    List<Map<String, Object>> filters = new ArrayList<>();
    if (samplingRate != null) {
      filters.add(Map.of("sampling_rate", samplingRate));
    }
    if (outcome != null) {
      filters.add(Map.of("outcome", outcome.equals("error") ? ERRORS : List.of(outcome)));
    }
    if (method != null) {
      filters.add(Map.of("method", List.of(method)));
    }
    if (search != null) {
      filters.add(Map.of("query", search));
    }
    return filters;
  }
}
