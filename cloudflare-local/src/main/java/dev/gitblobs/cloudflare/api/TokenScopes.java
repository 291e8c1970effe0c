package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What tokens with scopes may do: each place has a product, reading or writing it a group. */
final class TokenScopes {
  static final String COLLECTION = "tokens";
  static final String HASH = "value_sha256";

  private static final String READ = " Read";
  private static final String WRITE = " Write";

  /** Which product a path belongs to; the first that fits. */
  private record Place(String pattern, String product) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("/accounts/[^/]+/d1/.*", "D1"),
          new Place("/accounts/[^/]+/workers/scripts/[^/]+/tails.*", "Workers Tail"),
          new Place("/accounts/[^/]+/workers/.*", "Workers Scripts"),
          new Place("/accounts/[^/]+/storage/kv/.*", "Workers KV Storage"),
          new Place("/accounts/[^/]+/logpush/.*", "Logs"),
          new Place("/accounts/[^/]+/alerting/.*", "Notifications"),
          new Place("/accounts/[^/]+/tokens.*", "Account API Tokens"),
          new Place("/zones/[^/]+/workers/.*", "Workers Routes"),
          new Place("/zones/[^/]+/settings.*", "Zone Settings"),
          new Place("/zones/[^/]+/rulesets.*", "Zone WAF"),
          new Place("/zones/[^/]+/logpush/.*", "Logs"),
          new Place("/zones.*", "Zone"),
          new Place("/local/.*", "Account Settings"),
          new Place("/.*", ""));

  /** The permission groups; their names serve as their ids here. */
  static final List<String> GROUPS =
      PLACES.stream()
          .map(Place::product)
          .filter(product -> !product.isEmpty())
          .distinct()
          .flatMap(product -> List.of(product + READ, product + WRITE).stream())
          .toList();

  private TokenScopes() {}

  static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The token with this value. */
  static Optional<ObjectNode> find(Collection<ObjectNode> tokens, String value) {
    String hash = hash(value);
    return tokens.stream().filter(token -> token.path(HASH).asText().equals(hash)).findFirst();
  }

  /** Writing a product includes reading it; what belongs to no product is open to every token. */
  static boolean allows(JsonNode token, String method, String path) {
    String product =
        PLACES.stream()
            .filter(place -> path.matches(place.pattern()))
            .map(Place::product)
            .findFirst()
            .orElse("");
    if (product.isEmpty()) {
      return true;
    }
    boolean reads = method.equals("GET");
    for (JsonNode policy : token.path("policies")) {
      for (JsonNode group : policy.path("permission_groups")) {
        String name = group.path("id").asText(group.path("name").asText());
        boolean fits = name.equals(product + WRITE) || (reads && name.equals(product + READ));
        if (fits && policy.path("effect").asText("allow").equals("allow")) {
          return true;
        }
      }
    }
    return false;
  }
}
