package dev.gitblobs.client.sync;

import java.time.Instant;

/**
 * A session at a relay. Its text form shows no token.
 *
 * @param url of the relay, without a path
 * @param accessToken good until {@code expiresAt}
 * @param refreshToken good for one refresh
 * @param mustChangePassword nothing else is allowed before that; known right after login only
 */
public record Login(
    String url,
    String user,
    String accessToken,
    Instant expiresAt,
    String refreshToken,
    boolean mustChangePassword) {
  @Override
  public String toString() {
    return "Login[" + user + " at " + url + "]";
  }
}
