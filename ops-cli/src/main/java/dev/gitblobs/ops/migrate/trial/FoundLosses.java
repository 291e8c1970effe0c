package dev.gitblobs.ops.migrate.trial;

import dev.gitblobs.ops.migrate.file.Migration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What several tries of the same statements found, each loss once. */
final class FoundLosses {
  private final Map<String, Loss> found = new LinkedHashMap<>();

  /** Adds a loss unless another try showed it already. */
  void keep(Loss loss) {
    found.putIfAbsent(
        loss.kind()
            + "/"
            + loss.migration().name()
            + "/"
            + loss.line()
            + "/"
            + loss.table()
            + (loss.of() == 0 ? "/" + loss.what() : ""),
        loss);
  }

  /** Adds those of others whose statement is not known to do the same. */
  void addUnknown(FoundLosses others) {
    for (Loss loss : others.all()) {
      if (!has(loss.migration(), loss.line(), loss.kind())) {
        keep(loss);
      }
    }
  }

  /** Whether that statement is known to do something of that kind. */
  boolean has(Step step, Loss.Kind kind) {
    return has(step.migration(), step.statement().line(), kind);
  }

  private boolean has(Migration migration, int line, Loss.Kind kind) {
    return found.values().stream()
        .anyMatch(
            loss ->
                loss.kind() == kind && loss.line() == line && loss.migration().equals(migration));
  }

  /** All of them, in the order in which they were found. */
  Collection<Loss> all() {
    return List.copyOf(found.values());
  }
}
