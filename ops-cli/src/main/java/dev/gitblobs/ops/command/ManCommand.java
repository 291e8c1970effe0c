package dev.gitblobs.ops.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code relayctl man}. */
@Command(
    name = "man",
    description = "Write the manual pages, one for each command.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl man ~/.local/share/man/man1     then: man relayctl-migrate-up",
      "  relayctl man /tmp && man /tmp/relayctl.1"
    })
final class ManCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FOLDER", description = "Where to; made when it is missing.")
  private Path folder = Path.of("");

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not filled the spec yet");
    }
    CommandLine root = spec.root().commandLine();
    try {
      Files.createDirectories(folder);
      int count = write(root);
      root.getOut().println(count + " pages in " + folder);
      root.getOut().flush();
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int write(CommandLine command) throws IOException {
    Files.writeString(folder.resolve(ManPage.name(command) + ".1"), ManPage.of(command));
    int count = 1;
    for (CommandLine below : new LinkedHashSet<>(command.getSubcommands().values())) {
      count += write(below);
    }
    return count;
  }
}
