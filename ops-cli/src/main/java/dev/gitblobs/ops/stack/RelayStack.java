package dev.gitblobs.ops.stack;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConcurrentUpdateException;
import com.pulumi.automation.ConfigValue;
import com.pulumi.automation.DestroyOptions;
import com.pulumi.automation.LocalWorkspace;
import com.pulumi.automation.LocalWorkspaceOptions;
import com.pulumi.automation.OutputValue;
import com.pulumi.automation.PreviewOptions;
import com.pulumi.automation.StackNotFoundException;
import com.pulumi.automation.UpOptions;
import com.pulumi.automation.WorkspaceStack;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An environment's stack, driven through Pulumi's Automation API. */
public final class RelayStack implements AutoCloseable {
  private static final int MAX_LINES = 20;

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
   * Opens a stack to read it.
   *
   * @return empty when the backend has no stack of that name
   */
  static Optional<RelayStack> find(
      String name,
      LocalWorkspaceOptions options,
      Path folder,
      ProgramStart program,
      Terminal terminal) {
    try {
      return Optional.of(
          new RelayStack(LocalWorkspace.selectStack(name, folder, options), program, terminal));
    } catch (StackNotFoundException e) {
      return Optional.empty();
    } catch (AutomationException e) {
      throw unreadable(name, e);
    }
  }

  /** The stack's outputs that are no secrets, as text; empty before its first update. */
  public Map<String, String> outputs() {
    try {
      return texts(stack.getOutputs());
    } catch (AutomationException e) {
      throw unreadable(stack.name(), e);
    }
  }

  /** A setting of the stack, decrypted when it is a secret; empty when it is not set. */
  Optional<String> setting(String key) {
    try {
      return Optional.ofNullable(stack.getAllConfig().get(key)).map(ConfigValue::value);
    } catch (AutomationException e) {
      throw unreadable(stack.name(), e);
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

  /**
   * What an update would do.
   *
   * @param changes counted
   * @param steps each resource that changes
   */
  public record Preview(Changes changes, List<PlannedStep> steps) {}

  /** {@code pulumi preview}. */
  public Preview preview() {
    Progress progress = new Progress(terminal, true);
    try {
      Changes changes =
          Changes.of(
              stack
                  .preview(PreviewOptions.builder().onEvent(progress::accept).build())
                  .changeSummary());
      return new Preview(changes, progress.steps());
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
  public void close() {
    try {
      stack.close();
    } catch (Exception e) {
      throw new IllegalStateException("a stack that cannot be closed", e);
    }
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

  private static OpsException unreadable(String name, AutomationException cause) {
    return new OpsException(
        "Could not read the stack "
            + name
            + ":\n    "
            + lastLines(String.valueOf(cause.getMessage())),
        "Its backend must be reachable: log in by pulumi login, or set PULUMI_BACKEND_URL; and"
            + " PULUMI_CONFIG_PASSPHRASE must be the one of its secrets.",
        cause);
  }

  /** The end of a long text: that is where a program says why it stopped. */
  static String lastLines(String text) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    return String.join(
        "\n    ", lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
  }
}
