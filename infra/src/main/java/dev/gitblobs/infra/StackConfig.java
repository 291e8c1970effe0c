package dev.gitblobs.infra;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one stack as the engine hands it to the program.
 *
 * @param stack the stack's name
 * @param values the values of the project's namespace by key, without the namespace
 * @param secretKeys the keys whose values are encrypted in the stack file
 */
record StackConfig(String stack, Map<String, String> values, Set<String> secretKeys) {
  static final String NAMESPACE = "gitblobs-relay:";

  StackConfig {
    values = Map.copyOf(values);
    secretKeys = Set.copyOf(secretKeys);
  }

  /**
   * Reads the engine's environment variables {@code PULUMI_CONFIG} and {@code
   * PULUMI_CONFIG_SECRET_KEYS}: unlike the SDK's Config they list every key, so that a misspelled
   * one is found, and tell which values are encrypted.
   */
  static StackConfig of(String stack, Map<String, String> environment) {
    var values = new HashMap<String, String>();
    json(environment.get("PULUMI_CONFIG"), "{}")
        .getAsJsonObject()
        .entrySet()
        .forEach(entry -> putOwn(values, entry.getKey(), entry.getValue().getAsString()));
    var secretKeys = new HashSet<String>();
    for (var key : json(environment.get("PULUMI_CONFIG_SECRET_KEYS"), "[]").getAsJsonArray()) {
      if (key.getAsString().startsWith(NAMESPACE)) {
        secretKeys.add(key.getAsString().substring(NAMESPACE.length()));
      }
    }
    return new StackConfig(stack, values, secretKeys);
  }

  /** The file in which an operator edits these values, relative to the project's folder. */
  String file() {
    return "infra/stacks/Pulumi." + stack + ".yaml";
  }

  private static void putOwn(Map<String, String> values, String key, String value) {
    if (key.startsWith(NAMESPACE)) {
      values.put(key.substring(NAMESPACE.length()), value);
    }
  }

  private static JsonElement json(@Nullable String text, String otherwise) {
    return JsonParser.parseString(text == null || text.isEmpty() ? otherwise : text);
  }
}
