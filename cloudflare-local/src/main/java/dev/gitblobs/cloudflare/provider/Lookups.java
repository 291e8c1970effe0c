package dev.gitblobs.cloudflare.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The look-up functions that the relay's program uses. */
final class Lookups {
  private static final String SCRIPTS = "cloudflare:index/getWorkersScripts:getWorkersScripts";
  private static final ApiPath SCRIPT_LIST = new ApiPath("/accounts/{accountId}/workers/scripts");
  private static final Shape SCRIPT =
      Shape.of(
          "id tag tags etag createdOn modifiedOn handlers hasAssets hasModules logpush migrationTag"
              + " usageModel compatibilityDate compatibilityFlags lastDeployedFrom");

  private Lookups() {}

  /**
   * The result of the function {@code token}.
   *
   * @throws ApiException if the call fails
   * @throws IllegalArgumentException if there is no such function
   */
  static ObjectNode call(CloudflareApi api, String token, ObjectNode arguments) {
    if (!token.equals(SCRIPTS)) {
      throw new IllegalArgumentException(
          "The bundled Cloudflare provider does not know the function "
              + token
              + "; use the genuine provider. It knows "
              + SCRIPTS);
    }
    var found = api.result(ApiRequest.of("GET", SCRIPT_LIST.fill("", arguments)));
    var result = arguments.deepCopy();
    result.put("id", arguments.path("accountId").asText());
    result.set("results", SCRIPT.fromApi(found));
    return result;
  }
}
