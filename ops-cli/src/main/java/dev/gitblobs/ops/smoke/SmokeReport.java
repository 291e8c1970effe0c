package dev.gitblobs.ops.smoke;

import java.util.List;

/**
 * How a relay did; its JSON form is stable.
 *
 * @param relay its address
 * @param passed whether every step did
 * @param steps what was tried, in order; the first that failed ends the trial but for the removal
 *     of its users
 */
public record SmokeReport(String relay, boolean passed, List<Step> steps) {
  /**
   * One step.
   *
   * @param name a word or two
   * @param passed whether the relay did as it promises
   * @param millis how long it took
   * @param detail what was seen
   */
  public record Step(String name, boolean passed, long millis, String detail) {}
}
