package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.lint.Finding;
import dev.gitblobs.ops.migrate.lint.LintReport;
import dev.gitblobs.ops.migrate.lint.Linter;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayctl migrate lint}. */
@Command(
    name = "lint",
    description = {
      "Judge the migration files: what breaks a running version, what D1 refuses.",
      "With --env or --sqlite also finds files that were edited after they were applied there.",
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
    List<Finding> findings = Linter.lint(files, edited(files));
    LintReport report = new LintReport(Project.find().root(), findings);
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

  private Set<String> edited(List<Migration> files) {
    if (!options.namesDatabase()) {
      return Set.of();
    }
    return options.withDatabase(
        database ->
            new Migrator(database, options.author(), new Migrator.Watcher() {})
                .survey(files)
                .in(State.CHANGED));
  }

  private static void print(Terminal terminal, Finding finding) {
    String severity = finding.severity();
    terminal.line((finding.isError() ? terminal.red(severity) : severity) + "  " + finding.text());
  }
}
