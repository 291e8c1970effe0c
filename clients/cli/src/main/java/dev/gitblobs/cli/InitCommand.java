package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Makes a store. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = "Makes a store without commits; does nothing where there is one.",
    footerHeading = "%nExample:%n",
    footer = "  gitblobs --store notes init")
final class InitCommand implements Callable<Integer> {
  private final Gitblobs root;

  InitCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    boolean isNew = !root.isStoreThere();
    Path folder = root.createRepository().store().base();
    return root.done(
        Json.object("store", Json.of(folder.toString()), "created", Json.of(isNew)),
        () ->
            root.output()
                .line(isNew ? "Made a store in " + folder : "There is a store in " + folder));
  }
}
