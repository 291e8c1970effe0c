package dev.gitblobs.ops.provision;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.migrate.Author;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.Survey;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;

/**
 * The tables of an environment. Those of a newer release suit the code of an earlier one, since
 * migrations only ever add: a database that is ahead of the checkout is left as it is.
 */
public final class Schema {
  private final List<Migration> files;
  private final Migrator migrator;
  private final Terminal terminal;

  /** The tables of what is up in that environment. */
  public Schema(Environment environment, Target target, Terminal terminal) {
    this.files = new MigrationFolder(environment.project().migrations(), null).read();
    this.terminal = terminal;
    this.migrator =
        new Migrator(
            new D1Database(target.database()),
            Author.ofThisRun(environment.project().migrations()),
            new RunProgress(terminal));
  }

  /** Compares the checkout with the database; changes nothing. */
  public Survey survey() {
    return migrator.survey(files);
  }

  /**
   * What {@link #migrate} would apply, and what the lint says about it.
   *
   * @throws dev.gitblobs.ops.environment.OpsException when files and ledger differ
   */
  public Migrator.Plan plan() {
    return isAhead()
        ? new Migrator.Plan(List.of(), List.of())
        : migrator.judge(files, Migrator.Options.DEFAULT);
  }

  /** Applies what is pending; the names of what was applied. */
  public List<String> migrate() {
    return isAhead() ? List.of() : migrator.up(files, Migrator.Options.DEFAULT).applied();
  }

  private boolean isAhead() {
    List<String> ahead = survey().ahead();
    if (!ahead.isEmpty()) {
      terminal.line(
          "! The database is ahead of this checkout by "
              + String.join(", ", ahead)
              + "; it stays as it is.");
    }
    return !ahead.isEmpty();
  }
}
