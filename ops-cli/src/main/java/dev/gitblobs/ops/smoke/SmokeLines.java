package dev.gitblobs.ops.smoke;

import dev.gitblobs.ops.smoke.SmokeReport.Step;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Duration;
import java.util.function.Consumer;

/** Prints each step with its time. */
public record SmokeLines(Terminal terminal) implements Consumer<Step> {
  @Override
  public void accept(Step step) {
    terminal.line(
        (step.passed() ? terminal.green("✓ ") : terminal.red("✗ "))
            + String.format("%-11s", step.name())
            + step.detail()
            + terminal.dim(" (" + Terminal.time(Duration.ofMillis(step.millis())) + ")"));
  }
}
