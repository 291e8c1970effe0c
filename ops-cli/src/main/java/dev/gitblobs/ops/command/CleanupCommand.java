package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.Upkeep;
import dev.gitblobs.ops.terminal.Table;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayctl cleanup}. */
@Command(
    name = "cleanup",
    description = {
      "Show what has expired, then remove it. Nobody reads it in any case; this gives its space back.",
      "The relay does it every hour by itself."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl cleanup --env prod --dry-run", "  relayctl cleanup --env prod"})
final class CleanupCommand implements Callable<Integer> {
  @Option(names = "--dry-run", description = "Show what would go; change nothing.")
  private boolean dryRun;

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Upkeep upkeep = new Upkeep(options.relay());
    Upkeep.Cleanup counted = upkeep.count();
    Table table = new Table("table", "rows");
    counted.expired().forEach((name, rows) -> table.row(name, String.valueOf(rows)));
    table.print(terminal);
    terminal.line("");
    Upkeep.Cleanup cleanup =
        dryRun ? counted : upkeep.clean(rows -> terminal.progress(rows + " rows removed so far"));
    terminal.line(
        cleanup.rows()
            + (dryRun ? " rows would go; nothing was changed." : " rows removed.")
            + (cleanup.more() ? " There is more: run it again." : ""));
    terminal.result(cleanup);
    return 0;
  }
}
