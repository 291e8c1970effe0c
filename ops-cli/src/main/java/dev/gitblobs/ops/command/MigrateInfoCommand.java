package dev.gitblobs.ops.command;

import static java.util.Objects.requireNonNullElse;

import dev.gitblobs.ops.migrate.MigrationState;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.Survey;
import dev.gitblobs.ops.terminal.Table;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relayctl migrate info}. */
@Command(
    name = "info",
    description = "Compare the migration files with what a database has. Changes nothing.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl migrate info", "  relayctl migrate info --env prod --json"})
final class MigrateInfoCommand implements Callable<Integer> {
  @Mixin private MigrationOptions options = new MigrationOptions();
  @Mixin private Output output = new Output();

  /**
   * The answer; its JSON form is stable.
   *
   * @param database the environment's name, or the SQLite file
   * @param pending how many are not applied
   * @param migrations all of them, the files in their order, then what has no file
   */
  record Info(String database, int pending, List<MigrationState> migrations) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Survey survey =
        options.withDatabase(
            database ->
                new Migrator(database, options.author(), new Migrator.Watcher() {})
                    .survey(options.files()));
    Table table =
        new Table(
            "migration",
            "state",
            "applied (utc)",
            "took",
            "by",
            "with",
            "commit",
            "bookmark before it");
    String last = "";
    for (MigrationState one : survey.states()) {
      table.row(
          one.name(),
          one.state().toString(),
          text(one.appliedAt()),
          one.durationMs() == null ? "" : Terminal.time(Duration.ofMillis(one.durationMs())),
          text(one.actor()),
          one.state() == State.APPLIED && one.tool() == null ? "another tool" : text(one.tool()),
          text(one.gitSha()).substring(0, Math.min(8, text(one.gitSha()).length())),
          one.bookmark() != null && one.bookmark().equals(last)
              ? "the same"
              : text(one.bookmark()));
      last = text(one.bookmark());
    }
    table.print(terminal);
    terminal.line("");
    terminal.line(
        survey.pending().isEmpty()
            ? "Nothing is pending."
            : survey.pending().size() + " pending. Apply with relayctl migrate up.");
    terminal.result(new Info(options.databaseName(), survey.pending().size(), survey.states()));
    return 0;
  }

  private static String text(@org.jspecify.annotations.Nullable String value) {
    return requireNonNullElse(value, "");
  }
}
