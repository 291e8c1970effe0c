package dev.gitblobs.ops.stack;

import com.pulumi.automation.OperationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an update did, or a preview would do, counted in resources.
 *
 * @param created made anew
 * @param updated changed in place
 * @param replaced deleted and made anew
 * @param deleted removed
 * @param unchanged left as they are
 */
public record Changes(int created, int updated, int replaced, int deleted, int unchanged) {
  /** Nothing at all. */
  public static final Changes NONE = new Changes(0, 0, 0, 0, 0);

  /** Counts what the engine reports by operation. */
  static Changes of(Map<OperationType, Integer> counts) {
    return new Changes(
        counts.getOrDefault(OperationType.CREATE, 0),
        counts.getOrDefault(OperationType.UPDATE, 0),
        counts.getOrDefault(OperationType.REPLACE, 0),
        counts.getOrDefault(OperationType.DELETE, 0),
        counts.getOrDefault(OperationType.SAME, 0));
  }

  /** Whether all is as it was. */
  public boolean isEmpty() {
    return created + updated + replaced + deleted == 0;
  }

  /** For people: {@code 7 created, 2 unchanged} or {@code no change (9 resources)}. */
  public String phrase() {
    if (isEmpty()) {
      return "no change (" + unchanged + " resources)";
    }
    List<String> parts = new ArrayList<>();
    add(parts, created, "created");
    add(parts, updated, "updated");
    add(parts, replaced, "replaced");
    add(parts, deleted, "deleted");
    add(parts, unchanged, "unchanged");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, int count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }
}
