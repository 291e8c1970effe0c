package dev.gitblobs.ops.stack;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConcurrentUpdateException;
import com.pulumi.automation.DestroyOptions;
import com.pulumi.automation.LocalWorkspace;
import com.pulumi.automation.LocalWorkspaceOptions;
import com.pulumi.automation.OutputValue;
import com.pulumi.automation.PreviewOptions;
import com.pulumi.automation.UpOptions;
import com.pulumi.automation.WorkspaceStack;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.terminal.Terminal;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** An environment's stack, driven through Pulumi's Automation API. */
public final class RelayStack implements AutoCloseable {
  /** Named by the engine when the plugin is neither there nor to be downloaded. */
  private static final String NO_PLUGIN = "'pulumi-resource-cloudflare'";

  private final WorkspaceStack stack;
  private final ProgramStart program;
  private final Terminal terminal;

  private RelayStack(WorkspaceStack stack, ProgramStart program, Terminal terminal) {
    this.stack = stack;
    this.program = program;
    this.terminal = terminal;
  }

  static RelayStack open(
      String name,
      LocalWorkspaceOptions options,
      Path folder,
      ProgramStart program,
      Terminal terminal) {
    try {
      return new RelayStack(
          LocalWorkspace.createOrSelectStack(name, folder, options), program, terminal);
    } catch (AutomationException e) {
      throw failed("open the stack " + name, e, new Progress(terminal, false));
    }
  }

  /**
   * What an update came to.
   *
   * @param changes the resources it touched
   * @param outputs the stack's outputs that are no secrets, as text
   */
  public record Update(Changes changes, Map<String, String> outputs) {}

  /** {@code pulumi up}. */
  public Update up() {
    Progress progress = new Progress(terminal, false);
    try {
      Map<String, OutputValue> outputs =
          stack.up(UpOptions.builder().onEvent(progress::accept).build()).outputs();
      return new Update(progress.changes(), texts(outputs));
    } catch (AutomationException e) {
      throw failed("bring the stack " + stack.name() + " up", e, progress);
    }
  }

  /** {@code pulumi preview}. */
  public Changes preview() {
    Progress progress = new Progress(terminal, true);
    try {
      return Changes.of(
          stack
              .preview(PreviewOptions.builder().onEvent(progress::accept).build())
              .changeSummary());
    } catch (AutomationException e) {
      throw failed("preview the stack " + stack.name(), e, progress);
    }
  }

  /** {@code pulumi destroy}: the stack's resources go, its history stays. */
  public Changes destroy() {
    Progress progress = new Progress(terminal, false);
    try {
      stack.destroy(DestroyOptions.builder().onEvent(progress::accept).build());
      return progress.changes();
    } catch (AutomationException e) {
      throw failed("take the stack " + stack.name() + " down", e, progress);
    }
  }

  @Override
  public void close() throws Exception {
    stack.close();
    program.keepArchive();
  }

  private static Map<String, String> texts(Map<String, OutputValue> outputs) {
    return outputs.entrySet().stream()
        .filter(output -> !output.getValue().isSecret() && output.getValue().value() != null)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, output -> String.valueOf(output.getValue().value())));
  }

  private static OpsException failed(String what, AutomationException cause, Progress progress) {
    if (cause instanceof ConcurrentUpdateException) {
      return new OpsException(
          "Could not " + what + ": another update holds its lock.",
          "Wait for it; if it was killed, run pulumi cancel and then this command again.",
          cause);
    }
    if (String.valueOf(cause.getMessage()).contains(NO_PLUGIN)) {
      return new OpsException(
          "Could not " + what + ": Cloudflare's own Pulumi plugin cannot be had from here.",
          "Let this machine reach github.com, or run the command without --genuine-provider.",
          cause);
    }
    String errors =
        progress.errors().isEmpty()
            ? lastLines(String.valueOf(cause.getMessage()))
            : String.join("\n    ", progress.errors());
    return new OpsException(
        "Could not " + what + ":\n    " + errors,
        "Nothing is lost: mend what is said above and run the same command again.",
        cause);
  }

  private static String lastLines(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(20)
        .collect(Collectors.joining("\n    "));
  }
}
