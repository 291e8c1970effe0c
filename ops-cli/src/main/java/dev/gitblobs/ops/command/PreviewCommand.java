package dev.gitblobs.ops.command;

import dev.gitblobs.ops.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code relayctl preview ENV}. */
@Command(
    name = "preview",
    description = "Show what up would change in the infrastructure, without changing it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  relayctl preview local", "  relayctl preview prod --json"})
final class PreviewCommand implements Callable<Integer> {
  @Mixin private ProvisionOptions options = new ProvisionOptions();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws Exception {
    Terminal terminal = output.terminal();
    terminal.result(options.provisioner(terminal).preview().changes());
    return 0;
  }
}
