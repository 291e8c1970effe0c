package dev.gitblobs.cli;

import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import picocli.CommandLine.Option;

/** The options that say what becomes of two histories without a common commit. */
final class UnrelatedChoice {
  @Option(names = "--allow-unrelated", description = "Merge histories that have nothing in common.")
  private boolean allowUnrelated;

  @Option(
      names = "--replace-local",
      description = "If they have nothing in common, drop the local one.")
  private boolean replaceLocal;

  UnrelatedPolicy policy() {
    if (allowUnrelated && replaceLocal) {
      throw new UsageException("--allow-unrelated and --replace-local exclude each other.");
    }
    if (replaceLocal) {
      return UnrelatedPolicy.REPLACE_LOCAL;
    }
    return allowUnrelated ? UnrelatedPolicy.ALLOW : UnrelatedPolicy.REFUSE;
  }
}
