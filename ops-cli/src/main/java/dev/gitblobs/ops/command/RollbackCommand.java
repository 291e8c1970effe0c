package dev.gitblobs.ops.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.cloudflare.Deployments.Share;
import dev.gitblobs.ops.cloudflare.Deployments.Version;
import dev.gitblobs.ops.deploy.Rollback;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.terminal.Table;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayctl rollback ENV}. */
@Command(
    name = "rollback",
    description = {
      "Let an earlier version of the Worker serve again, within seconds; without --to list them.",
      "The database stays as it is: migrations only ever add, so that earlier code works on it.",
      "The next up or deploy brings what is checked out."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl rollback prod",
      "  relayctl rollback prod --to previous --yes",
      "  relayctl rollback prod --to 4bf0b04534b8 --yes"
    })
final class RollbackCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ENV",
      completionCandidates = KnownEnvironments.class,
      description = "local, dev, staging, prod: a stack in infra/stacks.")
  private String name = "";

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "A version's id, the commit of its sources, or 'previous'.")
  private @Nullable String to;

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  @Mixin private Output output = new Output();

  /**
   * The answer; its JSON form is stable.
   *
   * @param serving what serves now
   * @param versions what may serve, newest first
   * @param rolledBackTo the version that was chosen; null when they were only listed
   */
  record Versions(
      String environment,
      List<Share> serving,
      List<Version> versions,
      @JsonProperty("rolled_back_to") @Nullable String rolledBackTo) {}

  @Override
  public Integer call() throws InterruptedException {
    Terminal terminal = output.terminal();
    Rollback rollback = new Rollback(Target.of(Project.find().environment(name)), terminal);
    if (to == null) {
      list(terminal, rollback);
      return 0;
    }
    Version version = rollback.choose(to);
    if (!yes) {
      throw new OpsException(
          "Nothing was changed: this lets version " + version.id() + " serve '" + name + "'.",
          "Run it again with --yes if that is meant.");
    }
    rollback.to(version);
    terminal.line(
        terminal.bold("Rolled back")
            + " to "
            + version.id()
            + ", uploaded "
            + version.uploadedAt());
    terminal.line("Until the next up or deploy, which brings what is checked out then.");
    terminal.result(new Versions(name, rollback.serving(), rollback.versions(), version.id()));
    return 0;
  }

  private void list(Terminal terminal, Rollback rollback) {
    List<Share> serving = rollback.serving();
    List<Version> versions = rollback.versions();
    Table table = new Table("", "version", "uploaded", "commit", "by");
    for (Version version : versions) {
      boolean serves = serving.stream().anyMatch(share -> share.version().equals(version.id()));
      String commit = version.commit();
      table.row(
          serves ? "serves" : "",
          version.id(),
          version.uploadedAt(),
          commit == null ? "" : commit,
          version.trigger());
    }
    table.print(terminal);
    terminal.result(new Versions(name, serving, versions, null));
  }
}
