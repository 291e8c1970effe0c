package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A path with gaps: {@code {name}} is an input, {@code {id}} the resource's id, {@code {scope}} the
 * account or else the zone of the resource.
 */
record ApiPath(String template) {
  private static final Pattern GAP = Pattern.compile("\\{(\\w+)}");

  /**
   * The path with its gaps filled and encoded.
   *
   * @throws ApiException if an input that it needs is missing
   */
  String fill(String id, ObjectNode inputs) {
    return GAP.matcher(template)
        .replaceAll(
            gap ->
                switch (gap.group(1)) {
                  case "id" -> encode(id);
                  case "scope" ->
                      inputs.hasNonNull("accountId")
                          ? "accounts/" + input(inputs, "accountId")
                          : "zones/" + input(inputs, "zoneId");
                  default -> input(inputs, gap.group(1));
                });
  }

  private static String input(ObjectNode inputs, String name) {
    var value = inputs.path(name).asText();
    if (value.isEmpty()) {
      throw new ApiException(ApiException.NO_ANSWER, "Nothing was called: " + name + " is empty");
    }
    return encode(value);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
