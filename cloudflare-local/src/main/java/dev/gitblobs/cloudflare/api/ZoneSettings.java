package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.http.ApiException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The zone settings that are imitated, with a new zone's values, and which values they take. */
final class ZoneSettings {
  private static final int INVALID = 1007;
  private static final Set<String> ON_OFF = Set.of("on", "off");
  private static final Map<String, Set<String>> CHOICES =
      Map.of(
          "min_tls_version", Set.of("1.0", "1.1", "1.2", "1.3"),
          "ssl", Set.of("off", "flexible", "full", "strict"),
          "tls_1_3", Set.of("on", "off", "zrt"));
  private static final Map<String, JsonNode> DEFAULTS = newZone();

  private ZoneSettings() {}

  static Map<String, JsonNode> defaults() {
    return DEFAULTS;
  }

  static void check(String id, JsonNode value) {
    boolean valid =
        id.equals("security_header")
            ? value.path("strict_transport_security").isObject()
            : value.isTextual() && CHOICES.getOrDefault(id, ON_OFF).contains(value.asText());
    if (!valid) {
      throw ApiException.badRequest(INVALID, "Invalid value for zone setting " + id);
    }
  }

  private static Map<String, JsonNode> newZone() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Map<String, JsonNode> settings = new LinkedHashMap<>();
    for (String id :
        new String[] {
          "always_use_https", "automatic_https_rewrites", "opportunistic_encryption", "0rtt"
        }) {
      settings.put(id, json.textNode("off"));
    }
    for (String id : new String[] {"brotli", "http2", "http3", "ipv6", "tls_1_3", "websockets"}) {
      settings.put(id, json.textNode("on"));
    }
    settings.put("min_tls_version", json.textNode("1.0"));
    settings.put("ssl", json.textNode("full"));
    ObjectNode header = json.objectNode();
    header
        .putObject("strict_transport_security")
        .put("enabled", false)
        .put("max_age", 0)
        .put("include_subdomains", false)
        .put("preload", false)
        .put("nosniff", false);
    settings.put("security_header", header);
    return Map.copyOf(settings);
  }
}
