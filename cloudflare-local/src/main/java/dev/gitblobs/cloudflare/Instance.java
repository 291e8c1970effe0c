package dev.gitblobs.cloudflare;

import com.fasterxml.jackson.annotation.JsonProperty;

/** {@code instance.json}: how others find and use the running server. */
record Instance(
    @JsonProperty("pid") long pid,
    @JsonProperty("api_url") String apiUrl,
    @JsonProperty("provider_port") int providerPort,
    @JsonProperty("front_port") int frontPort,
    @JsonProperty("account_id") String accountId,
    @JsonProperty("zone_id") String zoneId,
    @JsonProperty("zone_name") String zoneName,
    @JsonProperty("api_token") String apiToken,
    @JsonProperty("version") String version,
    @JsonProperty("started_at") long startedAt) {

  static final String FILE = "instance.json";

  /** Without the token. */
  @Override
  public String toString() {
    return "Instance[pid=" + pid + ", apiUrl=" + apiUrl + "]";
  }
}
