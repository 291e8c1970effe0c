package dev.gitblobs.ops.provision;

import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Outputs;
import dev.gitblobs.ops.local.Instance;
import dev.gitblobs.ops.local.LocalCloudflare;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An environment that is up: which Cloudflare it is on, and what is there.
 *
 * @param outputs what the stack made
 * @param api the Cloudflare it is on
 * @param url where its relay is reached; null when neither the stack nor Cloudflare says
 */
public record Target(Outputs outputs, ApiClient api, @Nullable URI url) {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final URI CLOUDFLARE = URI.create("https://api.cloudflare.com/client/v4");

  /**
   * Finds what is up under that name.
   *
   * @throws OpsException when it was never up from here, is not running, or no token is given
   */
  public static Target of(Environment environment) {
    Outputs outputs =
        Outputs.remembered(environment)
            .orElseThrow(() -> notUp(environment, "was not brought up from this checkout"));
    if (!environment.isLocal()) {
      return of(outputs, remoteApi());
    }
    Instance instance =
        new LocalCloudflare(environment)
            .running()
            .orElseThrow(() -> notUp(environment, "is not running"));
    return of(outputs, instance);
  }

  /** What a stack made on a local Cloudflare; that one knows the address. */
  static Target of(Outputs outputs, Instance instance) {
    ApiClient api = new ApiClient(instance.apiUrl(), instance.apiToken());
    String url = api.get("/local/workers/" + outputs.scriptName()).path("url").asText();
    return new Target(outputs, api, URI.create(url));
  }

  /** What a stack made on Cloudflare. */
  static Target of(Outputs outputs, ApiClient api) {
    return new Target(outputs, api, outputs.url() == null ? null : URI.create(outputs.url()));
  }

  /** A client with the operator's token, from the environment only. */
  static ApiClient remoteApi() {
    String token =
        Optional.ofNullable(System.getenv("CLOUDFLARE_API_TOKEN"))
            .filter(value -> !value.isBlank())
            .orElseThrow(
                () ->
                    new OpsException(
                        "No Cloudflare API token.",
                        "Put it into the environment variable CLOUDFLARE_API_TOKEN."));
    String root = System.getenv("CLOUDFLARE_BASE_URL");
    return new ApiClient(root == null || root.isBlank() ? CLOUDFLARE : apiRoot(root), token);
  }

  /** The token goes there, so it has to be https or this machine. */
  static URI apiRoot(String text) {
    try {
      URI root = new URI(text.strip());
      boolean isSafe = "https".equals(root.getScheme()) && root.getHost() != null;
      if (isSafe || ("http".equals(root.getScheme()) && LOOPBACK.contains(root.getHost() + ""))) {
        return root;
      }
    } catch (URISyntaxException e) {
      // told below, as for any other text that is no address
    }
    throw OpsException.usage(
        "CLOUDFLARE_BASE_URL is '" + text + "', which is not the https address of an API.",
        "Unset it for Cloudflare itself, whose address is " + CLOUDFLARE + ".");
  }

  /** Its database. */
  public D1 database() {
    return new D1(api, outputs.accountId(), outputs.databaseId());
  }

  private static OpsException notUp(Environment environment, String what) {
    return new OpsException(
        "The environment '" + environment.name() + "' " + what + ".",
        "Run ./relayctl up " + environment.name() + " first.");
  }
}
