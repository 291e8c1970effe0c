package dev.gitblobs.ops.doctor;

import java.util.List;

/** What an examination found. */
record Examined(List<Check> checks) {
  /** The line of that name; fails when there is none. */
  Check line(String name) {
    return checks.stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line " + name + " in " + checks));
  }
}
