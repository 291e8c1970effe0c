package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows or changes settings. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Shows a setting, or sets it: author.name, author.email.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs config --global author.name \"Ada Lovelace\"",
      "  gitblobs --store notes config author.email"
    })
final class ConfigCommand implements Callable<Integer> {
  private final Gitblobs root;

  @Option(names = "--global", description = "Set it for all stores of this user.")
  private boolean global;

  @Parameters(index = "0", arity = "0..1", paramLabel = "KEY", description = "The setting.")
  private @Nullable String key;

  @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "Its new value.")
  private @Nullable String value;

  ConfigCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Settings settings = root.settings();
    if (key != null && !Settings.KEYS.contains(key)) {
      throw new FailedException(
          "There is no setting " + key + "; there are " + String.join(", ", Settings.KEYS) + ".");
    }
    if (key != null && value != null) {
      if (!global) {
        root.repository(); // a setting of a store needs the store
      }
      settings.set(key, value, global);
    }
    Json.Obj shown =
        Json.object(
            Settings.KEYS.stream()
                .filter(name -> key == null || name.equals(key))
                .filter(name -> settings.get(name).isPresent())
                .flatMap(
                    name ->
                        java.util.stream.Stream.of(name, Json.of(settings.get(name).orElse(""))))
                .toArray());
    return root.done(
        shown,
        () ->
            shown
                .members()
                .keySet()
                .forEach(name -> root.output().line(name + " = " + shown.text(name).orElse(""))));
  }
}
