package dev.gitblobs.cloudflare.account;

import org.jspecify.annotations.Nullable;

/**
 * Which script answers for a pattern of a zone.
 *
 * @param script null: requests that match go past all Workers
 */
public record Route(String id, String zoneId, String pattern, @Nullable String script) {}
