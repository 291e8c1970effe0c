package dev.gitblobs.ops.command;

import dev.gitblobs.ops.relay.Keys;
import dev.gitblobs.ops.terminal.Table;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relayctl keys list}. */
@Command(
    name = "list",
    description = "The signing keys that still count: when each signs and until when it verifies.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl keys list", "  relayctl keys list --env prod --json"})
final class KeysListCommand implements Callable<Integer> {

  @Mixin private RelayOptions options = new RelayOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Keys.Ring ring = new Keys(options.relay()).list();
    Table table = new Table("key", "use", "signs from", "verifies until", "made", "wrapped by");
    for (Keys.Key key : ring.keys()) {
      table.row(
          key.kid(),
          key.use(),
          Terminal.moment(key.signFrom()),
          key.verifyUntil() == null ? "" : Terminal.moment(key.verifyUntil()),
          Terminal.moment(key.createdAt()),
          key.isCurrentlyWrapped() ? "JWT_SECRET" : "JWT_SECRET_PREVIOUS");
    }
    table.print(terminal);
    terminal.line("");
    terminal.line("State: " + ring.state());
    terminal.result(ring);
    return 0;
  }
}
