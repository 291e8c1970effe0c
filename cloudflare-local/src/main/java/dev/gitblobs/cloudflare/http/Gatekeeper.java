package dev.gitblobs.cloudflare.http;

import java.util.Optional;

/** Decides whether a request may pass. */
@FunctionalInterface
public interface Gatekeeper {
  /**
   * Lets the request pass or throws.
   *
   * @param token the bearer token, when one was sent
   * @param path below the API's root
   * @throws ApiException 401 code 10000 for an unknown token, 403 code 9109 for a place that the
   *     token does not open
   */
  void admit(Optional<String> token, String method, String path);
}
