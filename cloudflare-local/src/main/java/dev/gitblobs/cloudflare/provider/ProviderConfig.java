package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where the API is and with which token it is called. Configuration wins over the environment
 * variables {@code CLOUDFLARE_BASE_URL} and {@code CLOUDFLARE_API_TOKEN}, as in the genuine
 * provider.
 *
 * @param baseUrl without a slash at its end
 */
record ProviderConfig(String baseUrl, String apiToken) {
  private static final String GENUINE = "https://api.cloudflare.com/client/v4";
  private static final Pattern TOKEN = Pattern.compile("[0-9A-Za-z\\-_]{40,80}");

  static ProviderConfig of(ObjectNode inputs, Map<String, String> environment) {
    var baseUrl =
        value(inputs, "baseUrl", environment.getOrDefault("CLOUDFLARE_BASE_URL", GENUINE));
    return new ProviderConfig(
        baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl,
        value(inputs, "apiToken", environment.getOrDefault("CLOUDFLARE_API_TOKEN", "")));
  }

  /** What is wrong, by the name of the configuration key. */
  List<Properties.Problem> problems() {
    var problems = new ArrayList<Properties.Problem>();
    if (apiToken.isEmpty()) {
      problems.add(
          new Properties.Problem(
              "apiToken",
              "is missing: set cloudflare:apiToken as a secret, or CLOUDFLARE_API_TOKEN where the"
                  + " provider runs"));
    } else if (!TOKEN.matcher(apiToken).matches()) {
      problems.add(
          new Properties.Problem(
              "apiToken", "must be 40 to 80 letters, digits, dashes or underscores"));
    }
    if (!isHttpUrl(baseUrl)) {
      problems.add(new Properties.Problem("baseUrl", "must be an http or https URL"));
    }
    return problems;
  }

  private static boolean isHttpUrl(String text) {
    try {
      var url = URI.create(text);
      return url.getHost() != null && List.of("http", "https").contains(url.getScheme());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String value(ObjectNode inputs, String name, String otherwise) {
    var value = inputs.path(name).asText();
    return value.isEmpty() ? otherwise : value;
  }

  /** The base URL alone. */
  @Override
  public String toString() {
    return "ProviderConfig[" + baseUrl + "]";
  }
}
