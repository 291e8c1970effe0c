package dev.gitblobs.ops.command;

import dev.gitblobs.ops.migrate.LedgerCare;
import dev.gitblobs.ops.provision.RunProgress;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code relayctl migrate baseline}. */
@Command(
    name = "baseline",
    description =
        "Record migrations as applied without running them, for a database whose tables were made"
            + " in another way.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  relayctl migrate baseline 0004 --env staging")
final class MigrateBaselineCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MIGRATION", description = "The last one that the database has.")
  private String last = "";

  @Mixin private MigrationOptions options = new MigrationOptions();
  @Mixin private Output output = new Output();

  /** The answer; its JSON form is stable. */
  record Baseline(List<String> recorded) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    List<String> recorded =
        options.withDatabase(
            database ->
                new LedgerCare(database, options.author(), new RunProgress(terminal))
                    .baseline(options.files(), last));
    recorded.forEach(name -> terminal.line("recorded " + name));
    terminal.line(recorded.size() + " recorded as applied; none was run.");
    terminal.result(new Baseline(recorded));
    return 0;
  }
}
