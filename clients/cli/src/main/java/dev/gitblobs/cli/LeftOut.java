package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import java.util.List;

/**
 * A file that a command could not store or write, while it did the rest.
 *
 * @param subject its name or place
 * @param reason for people
 */
record LeftOut(String subject, String reason) {
  static Json json(List<LeftOut> all) {
    return Json.array(
        all.stream()
            .map(
                each ->
                    Json.object(
                        "subject", Json.of(each.subject()), "reason", Json.of(each.reason())))
            .toList());
  }

  /** Tells people one by one. */
  static void note(Gitblobs root, List<LeftOut> all) {
    all.forEach(
        each ->
            root.output()
                .note("Left out: " + SafeText.line(each.subject()) + ": " + each.reason() + "."));
  }
}
