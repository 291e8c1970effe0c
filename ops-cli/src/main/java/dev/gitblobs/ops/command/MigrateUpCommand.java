package dev.gitblobs.ops.command;

import dev.gitblobs.ops.migrate.EarlyLook;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.lint.Finding;
import dev.gitblobs.ops.provision.RunProgress;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayctl migrate up}. */
@Command(
    name = "up",
    description =
        "Apply what is pending: each migration whole or not at all, its ledger row with it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl migrate up",
      "  relayctl migrate up --env prod --dry-run",
      "  relayctl migrate up --env prod --yes",
      "  relayctl migrate up --sqlite dev.sqlite --to 0004"
    })
final class MigrateUpCommand implements Callable<Integer> {
  @Mixin private MigrationOptions options = new MigrationOptions();

  @Option(names = "--to", paramLabel = "MIGRATION", description = "Stop after this one.")
  private @Nullable String to;

  @Option(names = "--dry-run", description = "Show what would be applied; change nothing.")
  private boolean dryRun;

  @Option(
      names = "--yes",
      description = "Do not ask. Needed for a protected environment without a terminal.")
  private boolean yes;

  @Option(
      names = "--out-of-order",
      description = "Apply also what has a lower number than something applied.")
  private boolean outOfOrder;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "How long to wait for another run (default: until its lock would expire).")
  private @Nullable Integer waitSeconds;

  @Mixin private Output output = new Output();

  /**
   * The answer of {@code --dry-run}; its JSON form is stable.
   *
   * @param plan names of what would be applied, in order
   * @param findings what the lint says about them; an error keeps them from being applied
   */
  record Plan(List<String> plan, List<Finding> findings) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    return options.withDatabase(
        database -> dryRun ? plan(database, terminal) : up(database, terminal));
  }

  private int plan(SqlDatabase database, Terminal terminal) {
    List<Migration> files = options.files();
    Migrator.Plan judged = migrator(database, terminal).judge(files, how());
    List<Migration> plan = judged.migrations();
    List<Finding> findings = judged.findings();
    plan.forEach(one -> terminal.line("would apply " + one.name() + terminal.dim(count(one))));
    findings.forEach(finding -> terminal.line("  " + finding.text()));
    terminal.line(plan.isEmpty() ? "Nothing is pending." : "Nothing was changed.");
    terminal.result(new Plan(plan.stream().map(Migration::name).toList(), findings));
    return findings.stream().anyMatch(Finding::isError) ? 1 : 0;
  }

  private int up(SqlDatabase database, Terminal terminal) {
    confirm(database, terminal);
    EarlyLook look = options.isRemote() ? EarlyLook.at(database) : EarlyLook.later(database);
    List<Migration> files = options.files();
    Migrator.Outcome outcome =
        new Migrator(database, look, options.author(), new RunProgress(terminal)).up(files, how());
    if (outcome.applied().isEmpty()) {
      terminal.line("Nothing is pending.");
    } else {
      terminal.line(
          outcome.applied().size()
              + " applied in "
              + Terminal.time(Duration.ofMillis(outcome.millis()))
              + (outcome.bookmark() == null
                  ? "."
                  : ". Back to before: relayctl migrate restore " + outcome.applied().get(0)));
    }
    terminal.result(outcome);
    return 0;
  }

  /** Others' databases are asked about where somebody sees it; a protected one everywhere. */
  private void confirm(SqlDatabase database, Terminal terminal) {
    boolean isAsked = options.isProtected() || (options.isRemote() && Confirmation.isTerminal());
    if (yes || !isAsked) {
      return;
    }
    List<Migration> plan = migrator(database, terminal).plan(options.files(), how());
    if (!plan.isEmpty()) {
      plan.forEach(one -> terminal.line("to apply " + one.name() + terminal.dim(count(one))));
      Confirmation.require(false, "Apply these to '" + options.databaseName() + "'?", terminal);
    }
  }

  private Migrator migrator(SqlDatabase database, Terminal terminal) {
    return new Migrator(database, options.author(), new RunProgress(terminal));
  }

  private Migrator.Options how() {
    Duration patience =
        waitSeconds == null ? Migrator.Options.DEFAULT.patience() : Duration.ofSeconds(waitSeconds);
    return new Migrator.Options(to, outOfOrder, patience);
  }

  private static String count(Migration migration) {
    int count = migration.statements().size();
    return " (" + count + (count == 1 ? " statement)" : " statements)");
  }
}
