package dev.gitblobs.infra;

import com.pulumi.exceptions.RunException;
import java.util.List;

/**
 * The program cannot run as it is configured or as the checkout is. The message names every problem
 * and what to do; the engine prints it without a stack trace.
 */
final class SettingsException extends RunException {
  private final List<String> problems;

  SettingsException(String summary, List<String> problems) {
    super(
        summary + problems.stream().map(problem -> "\n  - " + problem).reduce("", String::concat));
    this.problems = List.copyOf(problems);
  }

  List<String> problems() {
    return problems;
  }
}
