package dev.gitblobs.ops.command;

import dev.gitblobs.ops.provision.UpReport;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayctl up ENV}. */
@Command(
    name = "up",
    description = {
      "Bring an environment up: build, provision, migrate, check. Changes only what differs.",
      "A protected one is migrated first, before new code serves; it asks before that."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl up local", "  relayctl up staging --yes --json"})
final class UpCommand implements Callable<Integer> {
  @Mixin private ProvisionOptions options = new ProvisionOptions();

  @Option(
      names = "--yes",
      description = "Do not ask. Needed for a protected one without a terminal.")
  private boolean yes;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws Exception {
    Terminal terminal = output.terminal();
    if (!options.environment().isDisposable()) {
      Confirmation.require(
          yes,
          "'"
              + options.environment().name()
              + "' is protected. Migrate its database and bring it to what is checked out?",
          terminal);
    }
    UpReport report = options.provisioner(terminal).up();
    terminal.line("");
    terminal.line(
        terminal.bold(report.changed() ? "Done" : "No change")
            + " in "
            + Terminal.time(Duration.ofMillis(report.totalMillis()))
            + ". The relay listens at "
            + report.url());
    terminal.result(report);
    return 0;
  }
}
