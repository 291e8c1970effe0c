package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.lint.Finding;
import dev.gitblobs.ops.migrate.lint.LintReport;
import dev.gitblobs.ops.migrate.lint.Linter;
import dev.gitblobs.ops.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayctl migrate lint}. */
@Command(
    name = "lint",
    description = {
      "Try the migration files on sample rows: what is lost, what breaks a running version, what D1"
          + " refuses.",
      "With a database its own tables and numbers of rows count, and edited files are found.",
      "A file allows itself an exception with: -- lint:allow RULE reason=WHY"
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExit code 1 when there is an error.%n%nExamples:%n",
    footer = {
      "  relayctl migrate lint",
      "  relayctl migrate lint --format sarif > lint.sarif",
      "  relayctl migrate lint --format github --env staging"
    })
final class MigrateLintCommand implements Callable<Integer> {
  private static final String NONE = "none";

  /** For whom the findings are. */
  enum Format {
    text,
    json,
    sarif,
    github
  }

  @Mixin private MigrationOptions options = new MigrationOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.text;

  @Option(
      names = "--applied",
      paramLabel = "MIGRATION",
      description = {
        "Judge what comes after this one as one change; 'none' for all of them.",
        "Without it and without a database each file is judged on its own."
      })
  private @Nullable String applied;

  @Mixin private Output output = new Output();

  /**
   * The answer as JSON; its form is stable.
   *
   * @param errors how many findings are errors
   * @param findings all of them, by file and line
   */
  record Findings(long errors, List<Finding> findings) {}

  @Override
  public Integer call() {
    List<Migration> files = options.files();
    List<Finding> findings = findings(files);
    LintReport report = new LintReport(root(), findings);
    long errors = findings.stream().filter(Finding::isError).count();
    boolean forMachines = format == Format.json || format == Format.sarif;
    Terminal terminal = forMachines ? output.machineTerminal() : output.terminal();
    if (format == Format.sarif) {
      terminal.result(report.sarif());
    } else {
      terminal.result(new Findings(errors, findings));
    }
    if (format == Format.github) {
      report.github().forEach(terminal::line);
    } else {
      findings.forEach(finding -> print(terminal, finding));
    }
    if (format != Format.github) {
      terminal.line(files.size() + " files, " + errors + " errors.");
    }
    return errors == 0 ? 0 : 1;
  }

  /** Paths are told from the checkout, or from here when the files are another project's. */
  private Path root() {
    Path folder = options.folder().toAbsolutePath().normalize();
    Path here = Path.of("").toAbsolutePath();
    return folder.startsWith(here) ? here : Project.find().root();
  }

  private List<Finding> findings(List<Migration> files) {
    if (!options.namesDatabase()) {
      return applied == null
          ? Linter.lint(files, 0, false, options.ledgers())
          : Linter.lint(files, count(files, applied), true, options.ledgers());
    }
    return options.withDatabase(
        database ->
            Linter.lint(
                files, Migrator.look(database, files).known(database), Set.of(database.ledger())));
  }

  private static int count(List<Migration> files, String applied) {
    if (applied.equals(NONE)) {
      return 0;
    }
    for (int i = 0; i < files.size(); i++) {
      if (Migration.isCalled(files.get(i).name(), applied)) {
        return i + 1;
      }
    }
    throw OpsException.usage(
        "There is no migration '" + applied + "'.", "Name a file or its number, or " + NONE + ".");
  }

  private static void print(Terminal terminal, Finding finding) {
    String severity = finding.severity();
    terminal.line((finding.isError() ? terminal.red(severity) : severity) + "  " + finding.text());
  }
}
