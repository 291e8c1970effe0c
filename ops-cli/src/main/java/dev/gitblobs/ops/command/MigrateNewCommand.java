package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.migrate.file.NewMigration;
import dev.gitblobs.ops.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relayctl migrate new}. */
@Command(
    name = "new",
    description = "Write the file of a new migration under the next number.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  relayctl migrate new add an index for logins")
final class MigrateNewCommand implements Callable<Integer> {
  @Parameters(paramLabel = "WORDS", arity = "1..*", description = "What it does, in a few words.")
  private List<String> words = List.of();

  @Option(
      names = "--migrations",
      paramLabel = "DIR",
      description = "The folder of migrations (default: migrations/ of the checkout).")
  private @Nullable Path folder;

  @Mixin private Output output = new Output();

  /** The answer; its JSON form is stable. */
  record Written(String file) {}

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Path file =
        NewMigration.write(
            folder == null ? Project.find().migrations() : folder, String.join(" ", words));
    terminal.line("Wrote " + file);
    terminal.result(new Written(file.toString()));
    return 0;
  }
}
