package dev.gitblobs.cloudflare.account;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Who this Cloudflare is: chosen at the first start, the same ever after. The token has the form
 * that the genuine provider demands ({@code [0-9A-Za-z_-]{40,80}}).
 *
 * <p>The ports are those asked for at the next start; others are taken when they are not free.
 *
 * @param frontPort where routes and custom domains are served by host name
 */
public record Identity(
    String accountId,
    String accountName,
    String zoneId,
    String zoneName,
    String subdomain,
    String apiToken,
    int apiPort,
    int providerPort,
    int frontPort) {

  static final String ZONE_NAME = "relay.test";
  private static final SecureRandom RANDOM = new SecureRandom();

  static Identity fresh(String apiToken) {
    return new Identity(hexId(), "local", hexId(), ZONE_NAME, "local", apiToken, 0, 0, 0);
  }

  /** The same account on other ports. */
  public Identity withPorts(int api, int provider, int front) {
    return new Identity(
        accountId, accountName, zoneId, zoneName, subdomain, apiToken, api, provider, front);
  }

  /** The same account with another token. */
  public Identity withApiToken(String token) {
    return new Identity(
        accountId,
        accountName,
        zoneId,
        zoneName,
        subdomain,
        token,
        apiPort,
        providerPort,
        frontPort);
  }

  /** 128 random bits in the form of Cloudflare's object ids. */
  public static String hexId() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** 256 random bits in 43 characters of base64url. */
  public static String freshToken() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Identity[accountId=" + accountId + ", zoneName=" + zoneName + "]";
  }
}
