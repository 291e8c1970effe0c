package dev.gitblobs.ops.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.LedgerCare;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.migrate.WayBack;
import dev.gitblobs.ops.migrate.Written;
import dev.gitblobs.ops.provision.RunProgress;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
   * @param takenAt when it was taken, in milliseconds since 1970
   * @param undone names of migrations that are not applied any more, as far as that is known
   * @param together those that were applied in one call right after the mark, when they are several
   * @param written what tables said was written since, as far as they tell
   * @param undo the mark that undoes this
   */
  record Restored(
      String bookmark,
      @Nullable @JsonProperty("taken_at") Long takenAt,
      List<String> undone,
      List<String> together,
      List<Written> written,
      @JsonProperty("undo_bookmark") String undo) {}

  @Override
  public Integer call() {
    return options.withDatabase(database -> restore(database, output.terminal()));
  }

  private int restore(SqlDatabase database, Terminal terminal) {
    LedgerCare care = new LedgerCare(database, options.author(), new RunProgress(terminal));
    WayBack way =
        where.bookmark != null
            ? care.wayBackTo(where.bookmark)
            : care.wayBack(String.valueOf(where.migration));
    List<Written> written = care.writtenSince(way);
    tell(way, written, terminal);
    if (!yes) {
      throw new OpsException(
          "Nothing was changed: this takes away all that was written to '"
              + options.databaseName()
              + "' since that mark.",
          "Deploy the version that fits the older tables first; then run it again with --yes.");
    }
    String undo = care.restore(way.bookmark());
    terminal.line("Restored. To undo this: relayctl migrate restore --bookmark " + undo + " --yes");
    terminal.result(
        new Restored(way.bookmark(), way.takenAt(), way.undone(), way.together(), written, undo));
    return 0;
  }

  private void tell(WayBack way, List<Written> written, Terminal terminal) {
    way.undone().forEach(name -> terminal.line("undoes " + name));
    if (!way.together().isEmpty()) {
      terminal.line(
          "they share one bookmark, for one call applied them, and only go together: "
              + String.join(", ", way.together()));
    }
    terminal.line("goes back to the bookmark " + way.bookmark());
    Long takenAt = way.takenAt();
    if (takenAt == null) {
      terminal.line(
          "when that was taken, which migrations it undoes and what was written since is not known:"
              + " the ledger does not name it");
      return;
    }
    terminal.line(
        "which was taken at " + Instant.ofEpochMilli(takenAt).truncatedTo(ChronoUnit.SECONDS));
    boolean isNone = true;
    List<String> unknown = new ArrayList<>();
    for (Written one : written) {
      if (one.rows() == null) {
        unknown.add(one.table());
      } else if (one.rows() > 0) {
        isNone = false;
        terminal.line(
            "takes away "
                + one.rows()
                + " rows written since then, or their changes: "
                + one.table());
      }
    }
    if (isNone) {
      terminal.line("no table says that rows were written since then");
    }
    if (!unknown.isEmpty()) {
      terminal.line(
          "what was written into these is not known, since their rows keep no times: "
              + String.join(", ", unknown));
    }
  }
}
