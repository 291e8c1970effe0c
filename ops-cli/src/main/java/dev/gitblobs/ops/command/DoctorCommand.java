package dev.gitblobs.ops.command;

import dev.gitblobs.ops.doctor.Check;
import dev.gitblobs.ops.doctor.Doctor;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relayctl doctor}. */
@Command(
    name = "doctor",
    description =
        "Look for what keeps an environment from working: tools, token, secrets, schema, limits,"
            + " clock, certificate. Changes nothing.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExit code 1 when something failed.%n%nExamples:%n",
    footer = {"  relayctl doctor", "  relayctl doctor --env prod --json"})
final class DoctorCommand implements Callable<Integer> {
  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  /**
   * The answer; its JSON form is stable.
   *
   * @param environment the environment's name
   * @param healthy whether nothing failed
   * @param checks all that was looked at
   */
  record Diagnosis(String environment, boolean healthy, List<Check> checks) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Environment environment = options.environment();
    List<Check> checks =
        new Doctor(environment, () -> options.token(environment), Clock.systemUTC()).examine();
    for (Check check : checks) {
      terminal.line(sign(terminal, check) + String.format("%-23s", check.name()) + check.detail());
      if (check.remedy() != null) {
        terminal.line("  " + " ".repeat(23) + check.remedy());
      }
    }
    boolean healthy = checks.stream().noneMatch(check -> check.state() == Check.State.FAILED);
    terminal.result(new Diagnosis(environment.name(), healthy, checks));
    return healthy ? 0 : 1;
  }

  private static String sign(Terminal terminal, Check check) {
    return switch (check.state()) {
      case OK -> terminal.green("✓ ");
      case WARNING -> terminal.bold("! ");
      case FAILED -> terminal.red("✗ ");
    };
  }
}
