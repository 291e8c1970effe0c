package dev.gitblobs.ops.local;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;

/**
 * A running local Cloudflare, as it describes itself in its {@code instance.json}.
 *
 * @param pid its process
 * @param apiUrl the root of the REST API, {@code http://127.0.0.1:PORT/client/v4}
 * @param providerPort the port on loopback where it speaks Pulumi's provider protocol
 * @param accountId its one account, 32 hex digits
 * @param zoneId its one zone, 32 hex digits
 * @param zoneName that zone's domain
 * @param apiToken a token that may do everything in it; secret
 */
@JsonIgnoreProperties(ignoreUnknown = true) // a newer one may say more of itself
public record Instance(
    long pid,
    @JsonProperty("api_url") URI apiUrl,
    @JsonProperty("provider_port") int providerPort,
    @JsonProperty("account_id") String accountId,
    @JsonProperty("zone_id") String zoneId,
    @JsonProperty("zone_name") String zoneName,
    @JsonProperty("api_token") String apiToken) {

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "Instance[pid=" + pid + ", apiUrl=" + apiUrl + "]";
  }
}
