package dev.gitblobs.ops.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.provision.UpReport;
import dev.gitblobs.ops.relay.Keys;
import dev.gitblobs.ops.relay.Upkeep;
import dev.gitblobs.ops.relay.User;
import dev.gitblobs.ops.smoke.SmokeReport;
import dev.gitblobs.ops.stack.Changes;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code --json} prints, as scripts rely on it. */
final class JsonFormTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What each command answers. */
  private static final Map<String, Class<?>> ANSWERS = new LinkedHashMap<>();

  static {
    ANSWERS.put("up", UpReport.class);
    ANSWERS.put("preview", Changes.class);
    ANSWERS.put("down", DownCommand.Removal.class);
    ANSWERS.put("deploy", DeployCommand.Deployment.class);
    ANSWERS.put("rollback", RollbackCommand.Versions.class);
    ANSWERS.put("smoke", SmokeReport.class);
    ANSWERS.put("status", StatusCommand.Status.class);
    ANSWERS.put("doctor", DoctorCommand.Diagnosis.class);
    ANSWERS.put("migrate info", MigrateInfoCommand.Info.class);
    ANSWERS.put("migrate up", Migrator.Outcome.class);
    ANSWERS.put("migrate up --dry-run", MigrateUpCommand.Plan.class);
    ANSWERS.put("migrate lint", MigrateLintCommand.Findings.class);
    ANSWERS.put("migrate new", MigrateNewCommand.Written.class);
    ANSWERS.put("migrate repair", MigrateRepairCommand.Repair.class);
    ANSWERS.put("migrate baseline", MigrateBaselineCommand.Baseline.class);
    ANSWERS.put("migrate restore", MigrateRestoreCommand.Restored.class);
    ANSWERS.put("keys list", Keys.Ring.class);
    ANSWERS.put("keys rotate", Keys.Rotation.class);
    ANSWERS.put("keys rewrap", Keys.Rewrap.class);
    ANSWERS.put("cleanup", Upkeep.Cleanup.class);
    ANSWERS.put("users list", UsersListCommand.Everybody.class);
    ANSWERS.put("users add", OneTimePassword.Given.class);
    ANSWERS.put("users reset-password", OneTimePassword.Given.class);
    ANSWERS.put("users disable", User.class);
    ANSWERS.put("users enable", User.class);
    ANSWERS.put("users remove", User.class);
    ANSWERS.put("users sessions", UsersSessionsCommand.Live.class);
  }

  /** Cloudflare's own events, one on each line. */
  private static final String EVENTS = "logs";

  @Test
  void isWhatThePageForScriptsSays() throws Exception {
    StringBuilder forms = new StringBuilder();
    ANSWERS.forEach(
        (command, type) ->
            forms.append(command).append(": ").append(form(type, "")).append("\n\n"));
    Path page = LocalCloudflare.root().resolve("docs/operations/relayctl-json.md");
    assertThat(Files.readString(page))
        .as("the JSON form of an answer changed: scripts rely on it; the new form is\n%s", forms)
        .contains(forms.toString().strip());
  }

  @Test
  void knowsTheFormOfEveryCommandThatPrintsJson() {
    List<String> commands = new ArrayList<>();
    everyCommand(Relayctl.commandLine(), "", commands);
    commands.remove(EVENTS);
    assertThat(ANSWERS.keySet()).containsAll(commands);
  }

  private static void everyCommand(CommandLine command, String path, List<String> found) {
    if (command.getCommandSpec().findOption("--json") != null) {
      found.add(path.strip());
    }
    command
        .getSubcommands()
        .forEach((name, below) -> everyCommand(below, path + " " + name, found));
  }

  private static String form(Type type, String indent) {
    JavaType java = JSON.constructType(type);
    if (java.isCollectionLikeType()) {
      return "list of " + form(java.getContentType(), indent);
    }
    if (java.isMapLikeType()) {
      return "object of " + form(java.getContentType(), indent);
    }
    Class<?> raw = java.getRawClass();
    if (raw.isEnum()) {
      return "one of " + List.of(raw.getEnumConstants());
    }
    if (!raw.getName().startsWith("dev.gitblobs")) {
      return name(raw);
    }
    Map<String, String> fields = new TreeMap<>();
    for (BeanPropertyDefinition field :
        JSON.getSerializationConfig().introspect(java).findProperties()) {
      fields.put(field.getName(), form(field.getPrimaryType(), indent + "  "));
    }
    StringBuilder text = new StringBuilder("{\n");
    fields.forEach(
        (name, form) ->
            text.append(indent).append("  ").append(name).append(": ").append(form).append('\n'));
    return text.append(indent).append('}').toString();
  }

  private static String name(Class<?> type) {
    if (type == boolean.class) {
      return "true or false";
    }
    return Number.class.isAssignableFrom(type) || type.isPrimitive() ? "number" : "text";
  }
}
