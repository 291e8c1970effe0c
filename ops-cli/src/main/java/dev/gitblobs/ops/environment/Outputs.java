package dev.gitblobs.ops.environment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gitblobs.ops.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the last {@code up} of an environment made, remembered so that other commands need no
 * engine.
 *
 * @param accountId the Cloudflare account
 * @param scriptName the Worker's name
 * @param databaseId the D1 database's id
 * @param databaseName its name
 * @param url where the relay is reached; null where only Cloudflare decides that
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Outputs(
    String accountId,
    String scriptName,
    String databaseId,
    String databaseName,
    @Nullable String url) {
  private static final Set<String> REQUIRED =
      Set.of("accountId", "scriptName", "databaseId", "databaseName");

  /**
   * Takes them from the stack's outputs.
   *
   * @throws OpsException when one is missing
   */
  public static Outputs of(Map<String, String> outputs) {
    return new Outputs(
        required(outputs, "accountId"),
        required(outputs, "scriptName"),
        required(outputs, "databaseId"),
        required(outputs, "databaseName"),
        outputs.get("url"));
  }

  /** Whether an update got far enough for all of them to be there. */
  public static boolean isWhole(Map<String, String> outputs) {
    return outputs.keySet().containsAll(REQUIRED);
  }

  /** The same with another address. */
  public Outputs withUrl(@Nullable String other) {
    return new Outputs(accountId, scriptName, databaseId, databaseName, other);
  }

  /** The remembered ones; empty when the environment was never up from this checkout. */
  public static Optional<Outputs> remembered(Environment environment) {
    Path file = file(environment);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readValue(StateFiles.read(file), Outputs.class));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // as good as none: the next up writes it anew
    }
  }

  /** Remembers these for later commands. */
  public void remember(Environment environment) {
    try {
      StateFiles.write(file(environment), Json.MAPPER.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Forgets what was remembered: the environment is gone. */
  public static void forget(Environment environment) {
    StateFiles.deleteTree(file(environment));
  }

  private static Path file(Environment environment) {
    return environment.state().resolve("outputs.json");
  }

  private static String required(Map<String, String> outputs, String name) {
    String value = outputs.get(name);
    if (value == null) {
      throw new OpsException(
          "The stack has no output '" + name + "'.", "Rebuild infra/ and run the command again.");
    }
    return value;
  }
}
