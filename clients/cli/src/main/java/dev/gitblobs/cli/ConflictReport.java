package dev.gitblobs.cli;

import dev.gitblobs.client.history.Conflict;
import java.util.List;
import java.util.Map;

/** How conflicts are told to people. */
final class ConflictReport {
  private static final String HOW =
      "Say for each --ours NAME, --theirs NAME, --keep-both NAME or --take NAME=FILE,"
          + " or for all --prefer ours|theirs.";

  private ConflictReport() {}

  /** A line for each, and how to decide. */
  static void print(Gitblobs root, String heading, List<Conflict> conflicts, String command) {
    root.output().line(heading);
    conflicts.forEach(conflict -> root.output().line("  " + line(conflict)));
    root.output().line((command.isEmpty() ? "" : "Decide with `" + command + "`. ") + HOW);
  }

  /** What happened to which file, and by which device. */
  static String line(Conflict conflict) {
    Map<Conflict.Kind, String> words =
        Map.of(
            Conflict.Kind.BOTH_ADDED, "both added        ",
            Conflict.Kind.BOTH_EDITED, "both edited       ",
            Conflict.Kind.DELETED_BY_US, "we deleted        ",
            Conflict.Kind.DELETED_BY_THEM, "they deleted      ");
    String device = conflict.device();
    return words.getOrDefault(conflict.kind(), "")
        + SafeText.line(conflict.path())
        + (device == null ? "" : " (theirs from " + SafeText.line(device) + ")");
  }
}
