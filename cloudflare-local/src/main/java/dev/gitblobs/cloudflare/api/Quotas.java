package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.http.ApiException;

/** How much the account may have: what Cloudflare's paid plan allows, unless a test says less. */
final class Quotas {
  // https://developers.cloudflare.com/workers/platform/limits/ and /d1/platform/limits/, paid plan.
  private static final Limits PAID = new Limits(500, 50_000, 250);

  private record Limits(int scripts, int databases, int crons) {}

  private volatile Limits limits = PAID;

  /** Takes other limits; what {@code body} does not name is as in the paid plan. */
  void set(JsonNode body) {
    limits =
        new Limits(
            body.path("scripts").asInt(PAID.scripts()),
            body.path("databases").asInt(PAID.databases()),
            body.path("crons").asInt(PAID.crons()));
  }

  /** Refuses one more script. */
  void checkScripts(AccountState before) {
    if (before.scripts().size() >= limits.scripts()) {
      throw new ApiException(
          403,
          10037,
          "You have exceeded the limit of " + limits.scripts() + " Workers on your account.");
    }
  }

  /** Refuses one more database. */
  void checkDatabases(AccountState before) {
    if (before.databases().size() >= limits.databases()) {
      throw ApiException.badRequest(
          7406, "System limit reached: databases per account (" + limits.databases() + ")");
    }
  }

  /** Refuses a change after which all scripts together have too many crons. */
  void checkCrons(AccountState after) {
    int crons = after.scripts().values().stream().mapToInt(it -> it.schedules().size()).sum();
    if (crons > limits.crons()) {
      throw ApiException.badRequest(
          10072,
          "This account has reached the limit of "
              + limits.crons()
              + " cron triggers per account.");
    }
  }
}
