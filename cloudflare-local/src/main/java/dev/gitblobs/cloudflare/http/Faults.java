package dev.gitblobs.cloudflare.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Errors to be answered on purpose, so that clients can be tested against a bad day. */
public final class Faults {
  /**
   * An error for the next requests that fit.
   *
   * @param method empty for any
   * @param path a regular expression for the whole path below the API's root
   * @param status 0 cuts the connection without an answer
   * @param times how many requests it still hits
   * @param after whether the request is served first, so that only its answer is lost
   */
  public record Fault(
      String method, String path, int status, int code, String message, int times, boolean after) {
    boolean hits(String requestMethod, String requestPath) {
      return (method.isEmpty() || method.equals(requestMethod)) && requestPath.matches(path);
    }

    Optional<Reply> reply() {
      boolean mayRetry = status == 429 || status >= 500;
      return status == 0
          ? Optional.empty()
          : Optional.of(Reply.error(status, code, message, !mayRetry));
    }
  }

  private final List<Fault> faults = new ArrayList<>();

  /** From now on the fault hits; after those that were added before. */
  public synchronized void add(Fault fault) {
    faults.add(fault);
  }

  /** Forgets the faults that have not hit yet. */
  public synchronized void clear() {
    faults.clear();
  }

  /** The first fault that hits the request; it counts as used. */
  synchronized Optional<Fault> take(String method, String path) {
    for (int i = 0; i < faults.size(); i++) {
      Fault fault = faults.get(i);
      if (fault.hits(method, path)) {
        faults.remove(i);
        if (fault.times() > 1) {
          faults.add(
              i,
              new Fault(
                  fault.method(),
                  fault.path(),
                  fault.status(),
                  fault.code(),
                  fault.message(),
                  fault.times() - 1,
                  fault.after()));
        }
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }
}
