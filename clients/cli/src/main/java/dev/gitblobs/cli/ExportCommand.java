package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.pack.Packer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a full backup. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Writes a full backup: one pack of every object of the store.",
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes export backup.bin")
final class ExportCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Parameters(paramLabel = "FILE", description = "The file to write.")
  private Path file = Path.of("");

  ExportCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Repository repository = root.repository();
    byte[] pack = new Packer(repository.store()).full(root.terminal().clock().instant());
    return PackFile.write(root, file, pack);
  }
}
