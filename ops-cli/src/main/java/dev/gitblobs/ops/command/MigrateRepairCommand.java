package dev.gitblobs.ops.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.migrate.LedgerCare;
import dev.gitblobs.ops.migrate.LedgerCare.Mended;
import dev.gitblobs.ops.provision.RunProgress;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayctl migrate repair}. */
@Command(
    name = "repair",
    description =
        "Record edited files as they are now, adopt what another tool applied, forget details that"
            + " belong to nothing. Runs no migration.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl migrate repair --env prod --dry-run",
      "  relayctl migrate repair --break-lock"
    })
final class MigrateRepairCommand implements Callable<Integer> {
  @Mixin private MigrationOptions options = new MigrationOptions();

  @Option(names = "--dry-run", description = "Show what would be mended; change nothing.")
  private boolean dryRun;

  @Option(names = "--break-lock", description = "Take the lock from a run that is dead.")
  private boolean breakLock;

  @Mixin private Output output = new Output();

  /** The answer; its JSON form is stable. */
  record Repair(@JsonProperty("dry_run") boolean dryRun, List<Mended> mended) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    List<Mended> mended =
        options.withDatabase(
            database ->
                new LedgerCare(database, options.author(), new RunProgress(terminal))
                    .repair(options.files(), breakLock, dryRun));
    mended.forEach(one -> terminal.line(one.action() + "  " + one.name()));
    terminal.line(
        mended.isEmpty()
            ? "There was nothing to mend."
            : mended.size() + (dryRun ? " to mend; nothing was changed." : " mended."));
    terminal.result(new Repair(dryRun, mended));
    return 0;
  }
}
