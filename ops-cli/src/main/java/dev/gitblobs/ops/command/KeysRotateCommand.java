package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.Keys;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayctl keys rotate}. */
@Command(
    name = "rotate",
    description = {
      "Make a new signing key. Nobody is logged out and no socket drops: the old keys verify until",
      "the last token they signed has expired. One call; nothing to resume."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl keys rotate --env prod",
      "  relayctl keys rotate --env prod --emergency --end-sessions"
    })
final class KeysRotateCommand implements Callable<Integer> {
  @Option(
      names = "--emergency",
      description = "A key is known to others: the old ones end at once, all sockets are closed.")
  private boolean emergency;

  @Option(names = "--end-sessions", description = "End all sessions: everybody logs in anew.")
  private boolean endSessions;

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Keys.Rotation rotation = new Keys(options.relay()).rotate(emergency, endSessions);
    terminal.line(
        "New key " + rotation.kid() + " signs from " + Terminal.moment(rotation.signFrom()));
    terminal.line("Old keys verify until " + Terminal.moment(rotation.oldKeysVerifyUntil()));
    if (endSessions) {
      terminal.line(rotation.sessionsEnded() + " sessions ended.");
    }
    terminal.result(rotation);
    return 0;
  }
}
