package dev.gitblobs.cloudflare.runtime;

import java.util.List;

/**
 * All that is to run.
 *
 * @param routes tried in this order for requests to the front port
 */
public record RuntimePlan(List<WorkerPlan> workers, int frontPort, List<RoutePlan> routes) {
  /**
   * Which script answers for a URL; the empty text for none.
   *
   * @param pattern a regular expression for host name and path
   */
  public record RoutePlan(String pattern, String script) {}

  /** Copies what may be changed from outside. */
  public RuntimePlan {
    workers = List.copyOf(workers);
    routes = List.copyOf(routes);
  }
}
