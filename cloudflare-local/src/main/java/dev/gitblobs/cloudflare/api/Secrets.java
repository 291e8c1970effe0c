package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Version;
import dev.gitblobs.cloudflare.http.ApiException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The secrets among a version's bindings. */
final class Secrets {
  static final int INVALID = 10053;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]{0,254}");

  private Secrets() {}

  static boolean isSecret(JsonNode binding) {
    return binding.path("type").asText().equals("secret_text");
  }

  /** Sets bindings by name, in place of those they replace; null removes. */
  static ObjectNode patch(ObjectNode metadata, Map<String, JsonNode> changes) {
    Map<String, JsonNode> left = new TreeMap<>(changes);
    ArrayNode bindings = Results.array();
    for (JsonNode binding : metadata.path("bindings")) {
      JsonNode change = left.remove(binding.path("name").asText());
      if (change == null) {
        bindings.add(binding);
      } else if (!change.isNull()) {
        bindings.add(named(binding.path("name").asText(), change));
      }
    }
    left.forEach(
        (name, change) -> {
          if (!change.isNull()) {
            bindings.add(named(name, change));
          }
        });
    metadata.set("bindings", bindings);
    return metadata;
  }

  private static ObjectNode named(String name, JsonNode binding) {
    if (!NAME.matcher(name).matches()) {
      throw ApiException.badRequest(INVALID, "'" + name + "' is no name for a binding.");
    }
    ObjectNode named = Results.object().put("name", name);
    named.put("type", Results.text(binding, "type", INVALID));
    binding.properties().forEach(field -> named.putIfAbsent(field.getKey(), field.getValue()));
    return named;
  }

  /** The names of secrets that two versions do not have in common. */
  static Set<String> differing(Version one, Version other) {
    Set<String> names = new HashSet<>();
    collect(one, other, names);
    collect(other, one, names);
    return names;
  }

  private static void collect(Version from, Version in, Set<String> names) {
    for (JsonNode binding : from.metadata().path("bindings")) {
      String name = binding.path("name").asText();
      if (isSecret(binding) && !Bindings.find(in, name).filter(binding::equals).isPresent()) {
        names.add(name);
      }
    }
  }
}
