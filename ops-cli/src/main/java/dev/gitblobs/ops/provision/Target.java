package dev.gitblobs.ops.provision;

import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.cloudflare.Deployments;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.Loopback;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Outputs;
import dev.gitblobs.ops.environment.Secret;
import dev.gitblobs.ops.local.Instance;
import dev.gitblobs.ops.local.LocalCloudflare;
import dev.gitblobs.ops.stack.Stacks;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An environment that is up: which Cloudflare it is on, and what is there.
 *
 * @param outputs what the stack made
 * @param api the Cloudflare it is on
 * @param url where its relay is reached; null when nobody can reach it
 */
public record Target(Outputs outputs, ApiClient api, @Nullable URI url) {
  private static final URI CLOUDFLARE = URI.create("https://api.cloudflare.com/client/v4");

  /**
   * Finds what is up under that name.
   *
   * @throws OpsException when it was never up, is not running, or no token is given
   */
  public static Target of(Environment environment) {
    return find(environment).orElseThrow(() -> notUp(environment, "is not up"));
  }

  /**
   * Finds what is up under that name, from whichever machine it was brought up: what is not known
   * here is read from the stack, and remembered.
   *
   * @return empty when it was never up
   * @throws OpsException when it is not running, no token is given, or the stack cannot be read
   */
  public static Optional<Target> find(Environment environment) {
    Optional<Outputs> remembered = Outputs.remembered(environment);
    if (environment.isLocal()) {
      return remembered.map(outputs -> of(outputs, running(environment)));
    }
    if (remembered.isPresent()) {
      return remembered.map(outputs -> of(outputs, remoteApi()));
    }
    Map<String, String> stack = Stacks.forReading().outputs(environment);
    return Outputs.isWhole(stack)
        ? Optional.of(of(Outputs.of(stack), remoteApi()).rememberedFor(environment))
        : Optional.empty();
  }

  /** What a stack made on the Cloudflare of this machine. */
  static Target of(Outputs outputs, Instance instance) {
    return of(outputs, new ApiClient(instance.apiUrl(), instance.apiToken()));
  }

  /** What a stack made on that Cloudflare. */
  static Target of(Outputs outputs, ApiClient api) {
    return new Target(outputs, api, RelayAddress.find(outputs, api).orElse(null));
  }

  /** Itself, once later commands can find it without the engine. */
  Target rememberedFor(Environment environment) {
    boolean mayMove = Loopback.is(api.root());
    outputs.withUrl(mayMove || url == null ? outputs.url() : url.toString()).remember(environment);
    return this;
  }

  private static Instance running(Environment environment) {
    return new LocalCloudflare(environment)
        .running()
        .orElseThrow(() -> notUp(environment, "is not running"));
  }

  /** A client with the operator's token, from the environment only. */
  public static ApiClient remoteApi() {
    String token =
        Optional.ofNullable(System.getenv("CLOUDFLARE_API_TOKEN"))
            .filter(value -> !value.isBlank())
            .orElseThrow(
                () ->
                    new OpsException(
                        "No Cloudflare API token.",
                        "Put it into the environment variable CLOUDFLARE_API_TOKEN."));
    String root = System.getenv("CLOUDFLARE_BASE_URL");
    return new ApiClient(
        root == null || root.isBlank() ? CLOUDFLARE : apiRoot(root),
        Secret.token("CLOUDFLARE_API_TOKEN", token).value());
  }

  /** The token goes there, so it has to be https or this machine. */
  static URI apiRoot(String text) {
    try {
      URI root = new URI(text.strip());
      boolean isSafe = "https".equals(root.getScheme()) && root.getHost() != null;
      if (isSafe || ("http".equals(root.getScheme()) && Loopback.is(root))) {
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

  /** Its Worker's versions. */
  public Deployments deployments() {
    return new Deployments(api, outputs.accountId(), outputs.scriptName());
  }

  private static OpsException notUp(Environment environment, String what) {
    return new OpsException(
        "The environment '" + environment.name() + "' " + what + ".",
        "Run ./relayctl up " + environment.name() + " first.");
  }
}
