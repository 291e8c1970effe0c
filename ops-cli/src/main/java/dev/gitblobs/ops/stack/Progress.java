package dev.gitblobs.ops.stack;

import com.pulumi.automation.OperationType;
import com.pulumi.automation.events.DiagnosticEvent;
import com.pulumi.automation.events.EngineEvent;
import com.pulumi.automation.events.StepEventMetadata;
import com.pulumi.automation.events.SummaryEvent;
import dev.gitblobs.ops.terminal.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Follows the engine's events: prints each changing resource when it is done, keeps the errors. */
final class Progress {
  /** What the engine adds when the program or a resource has said already what is wrong. */
  private static final Pattern ECHOES =
      Pattern.compile("(update|preview) failed$|an unhandled error occurred: ");

  private final Terminal terminal;
  private final boolean isPreview;
  private final Map<String, Long> begun = new HashMap<>();
  private final Set<String> errors = new LinkedHashSet<>();
  private final List<PlannedStep> steps = new ArrayList<>();
  private Changes changes = Changes.NONE;

  Progress(Terminal terminal, boolean isPreview) {
    this.terminal = terminal;
    this.isPreview = isPreview;
  }

  /** Takes one event. Called from the engine's reader thread, one at a time. */
  synchronized void accept(EngineEvent event) {
    if (event.resourcePreEvent() != null) {
      StepEventMetadata step = event.resourcePreEvent().metadata();
      begun.put(step.urn(), System.nanoTime());
      if (isPreview) {
        print(step, null);
      }
    } else if (event.resourceOutputsEvent() != null && !isPreview) {
      StepEventMetadata step = event.resourceOutputsEvent().metadata();
      Long start = begun.remove(step.urn());
      print(step, start == null ? null : Duration.ofNanos(System.nanoTime() - start));
    } else if (event.diagnosticEvent() != null) {
      keep(event.diagnosticEvent());
    } else if (event.summaryEvent() != null) {
      SummaryEvent summary = event.summaryEvent();
      changes =
          summary.resourceChanges() == null ? Changes.NONE : Changes.of(summary.resourceChanges());
    }
  }

  /** What the engine's closing summary counted. */
  synchronized Changes changes() {
    return changes;
  }

  /** The resources that a preview would change, in its order. */
  synchronized List<PlannedStep> steps() {
    return List.copyOf(steps);
  }

  /** The errors reported so far, each once, without the engine's colours. */
  synchronized List<String> errors() {
    return new ArrayList<>(errors);
  }

  private void keep(DiagnosticEvent diagnostic) {
    if ("error".equals(diagnostic.severity())) {
      String text = diagnostic.message().replaceAll("<\\{%[^%]*%}>", "").strip();
      if (!text.isEmpty() && !ECHOES.matcher(text).lookingAt()) {
        errors.add(text);
      }
    }
  }

  private void print(StepEventMetadata step, @Nullable Duration took) {
    String sign = sign(step.op());
    if (sign.isEmpty() || step.type().startsWith("pulumi:")) {
      return;
    }
    String kind = step.type().substring(step.type().lastIndexOf(':') + 1);
    String name = step.urn().substring(step.urn().lastIndexOf("::") + 2);
    if (isPreview) {
      steps.add(new PlannedStep(step.op().name().toLowerCase(Locale.ROOT), kind, name));
    }
    String time = took == null ? "" : terminal.dim(" (" + Terminal.time(took) + ")");
    terminal.line("    " + sign + " " + kind + " " + name + time);
  }

  private static String sign(OperationType operation) {
    return switch (operation) {
      case CREATE, CREATE_REPLACEMENT, IMPORT -> "+";
      case UPDATE -> "~";
      case REPLACE -> "±";
      case DELETE, DELETE_REPLACED -> "-";
      default -> "";
    };
  }
}
