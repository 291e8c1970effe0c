package dev.gitblobs.ops.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.LedgerCare;
import dev.gitblobs.ops.migrate.LedgerCare.WayBack;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.provision.RunProgress;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayctl migrate restore}. */
@Command(
    name = "restore",
    description = {
      "Bring the whole database back to its state before a migration (D1 Time Travel).",
      "All that users wrote since is gone, too. Shows what that means; does it with --yes."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl migrate restore 0007 --env prod",
      "  relayctl migrate restore --bookmark 0000007b-... --env prod --yes"
    })
final class MigrateRestoreCommand implements Callable<Integer> {
  /** One or the other. */
  static final class Where {
    @Parameters(
        paramLabel = "MIGRATION",
        arity = "0..1",
        description = "Go back to before this one.")
    private @Nullable String migration;

    @Option(names = "--bookmark", paramLabel = "MARK", description = "Go back to this mark.")
    private @Nullable String bookmark;
  }

  @ArgGroup(multiplicity = "1")
  private Where where = new Where();

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  @Mixin private MigrationOptions options = new MigrationOptions();
  @Mixin private Output output = new Output();

  /**
   * The answer; its JSON form is stable.
   *
   * @param bookmark the mark gone back to
   * @param undone names of migrations that are not applied any more, as far as that is known
   * @param undo the mark that undoes this
   */
  record Restored(
      String bookmark, List<String> undone, @JsonProperty("undo_bookmark") String undo) {}

  @Override
  public Integer call() {
    return options.withDatabase(database -> restore(database, output.terminal()));
  }

  private int restore(SqlDatabase database, Terminal terminal) {
    LedgerCare care = new LedgerCare(database, options.author(), new RunProgress(terminal));
    WayBack way =
        where.bookmark != null
            ? new WayBack(where.bookmark, List.of())
            : care.wayBack(String.valueOf(where.migration));
    way.undone().forEach(name -> terminal.line("undoes " + name));
    terminal.line("goes back to the bookmark " + way.bookmark());
    if (!yes) {
      throw new OpsException(
          "Nothing was changed: this takes away all that was written to '"
              + options.databaseName()
              + "' since that mark.",
          "Deploy the version that fits the older tables first; then run it again with --yes.");
    }
    String undo = care.restore(way.bookmark());
    terminal.line("Restored. To undo this: relayctl migrate restore --bookmark " + undo + " --yes");
    terminal.result(new Restored(way.bookmark(), way.undone(), undo));
    return 0;
  }
}
