package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.smoke.Smoke;
import dev.gitblobs.ops.smoke.SmokeLines;
import dev.gitblobs.ops.smoke.SmokeReport;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relayctl smoke}. */
@Command(
    name = "smoke",
    description = {
      "Try a relay out as two devices of a throw-away user.",
      "They log in, push, receive, pull and fetch; what is short-lived expires; another user sees",
      "nothing. The users are removed at the end."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExit code 1 when a step failed.%n%nExamples:%n",
    footer = {"  relayctl smoke", "  relayctl smoke --env prod --json"})
final class SmokeCommand implements Callable<Integer> {
  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Environment environment = options.environment();
    SmokeReport report =
        new Smoke(
                RelayOptions.address(Target.of(environment)),
                options.token(environment),
                new SmokeLines(terminal))
            .run();
    terminal.result(report);
    return report.passed() ? 0 : 1;
  }
}
