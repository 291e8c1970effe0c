package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.relay.Keys;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relayctl keys rewrap}. */
@Command(
    name = "rewrap",
    description = {
      "Wrap the signing keys with the present JWT_SECRET that JWT_SECRET_PREVIOUS still wraps.",
      "Afterwards JWT_SECRET_PREVIOUS may go."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl keys rewrap --env prod"})
final class KeysRewrapCommand implements Callable<Integer> {

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Keys.Rewrap rewrap = new Keys(options.relay()).rewrap();
    terminal.line(rewrap.rewrapped() + " keys rewrapped.");
    terminal.result(rewrap);
    if (rewrap.unreadable() > 0) {
      throw new OpsException(
          rewrap.unreadable() + " keys can be read with neither secret.",
          "Put the secret they were wrapped with into JWT_SECRET_PREVIOUS and run it again; or, if it"
              + " is lost, run relayctl keys rotate --emergency.");
    }
    return 0;
  }
}
