package dev.gitblobs.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.logs.Tail;
import dev.gitblobs.ops.logs.TailFilter;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.terminal.Table;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relayctl logs}. */
@Command(
    name = "logs",
    description = "Follow the relay's logs as they happen. With --json one event on each line.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl logs --env prod --outcome error",
      "  relayctl logs --method POST --search keys.rotated --for 60"
    })
final class LogsCommand implements Callable<Integer> {
  /** How an event ended. */
  enum Outcome {
    ok,
    error,
    canceled
  }

  private static final Duration A_YEAR = Duration.ofDays(365);

  @Option(
      names = "--env",
      paramLabel = "ENV",
      completionCandidates = KnownEnvironments.class,
      defaultValue = Environment.LOCAL,
      description = "The environment (default: ${DEFAULT-VALUE}).")
  private String environment = Environment.LOCAL;

  @Option(names = "--outcome", description = "Only these: ${COMPLETION-CANDIDATES}.")
  private @Nullable Outcome outcome;

  @Option(names = "--method", paramLabel = "METHOD", description = "Only this HTTP method.")
  private @Nullable String method;

  @Option(names = "--search", paramLabel = "TEXT", description = "Only what logs this text.")
  private @Nullable String search;

  @Option(names = "--sample", paramLabel = "SHARE", description = "Only this share, 0 to 1.")
  private @Nullable Double sample;

  @Option(names = "--for", paramLabel = "SECONDS", description = "Stop after so many seconds.")
  private @Nullable Long seconds;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Terminal terminal = output.terminal();
    Target target = Target.of(Project.find().environment(environment));
    TailFilter filter =
        new TailFilter(outcome == null ? null : outcome.name(), method, search, sample);
    Tail tail =
        Tail.open(
            target.api(),
            target.outputs().accountId(),
            target.outputs().scriptName(),
            filter,
            event -> {
              print(terminal, event);
              return !terminal.isClosed();
            });
    Thread givesBack = new Thread(tail::close, "gives the tail back");
    Runtime.getRuntime().addShutdownHook(givesBack); // Ctrl-C is how people end it
    terminal.progress("Following " + target.outputs().scriptName() + "; Ctrl-C ends it.");
    try {
      tail.follow(seconds == null ? A_YEAR : Duration.ofSeconds(seconds));
    } finally {
      Runtime.getRuntime().removeShutdownHook(givesBack);
      tail.close();
    }
    return 0;
  }

  private static void print(Terminal terminal, JsonNode event) {
    if (terminal.isJson()) {
      terminal.resultLine(event);
      return;
    }
    String result = event.path("outcome").asText();
    JsonNode request = event.at("/event/request");
    String what =
        request.isMissingNode()
            ? event.path("event").path("cron").asText("event")
            : request.path("method").asText() + " " + request.path("url").asText();
    terminal.line(
        terminal.dim(Terminal.moment(event.path("eventTimestamp").asLong()))
            + " "
            + (result.equals("ok") ? terminal.green(result) : terminal.red(Table.visible(result)))
            + " "
            + Table.visible(what)
            + " "
            + event.at("/event/response/status").asText(""));
    event.path("logs").forEach(log -> terminal.line("  " + Table.visible(words(log))));
    event
        .path("exceptions")
        .forEach(
            thrown ->
                terminal.line("  " + terminal.red(Table.visible(thrown.path("message").asText()))));
  }

  private static String words(JsonNode log) {
    StringBuilder words = new StringBuilder(log.path("level").asText()).append(':');
    log.path("message")
        .forEach(word -> words.append(' ').append(word.isTextual() ? word.asText() : word));
    return words.toString();
  }
}
