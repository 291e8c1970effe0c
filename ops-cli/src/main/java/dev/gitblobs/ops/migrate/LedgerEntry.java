package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One applied migration: wrangler's row and, where relayctl applied it, what the side table adds.
 *
 * @param id the ledger's own order
 * @param name the file's name
 * @param appliedAt when, in UTC, as SQLite writes it
 * @param sha256 checksum of what was applied; null when another tool did it
 * @param durationMs milliseconds of the call that applied it, which may have applied others too
 * @param bookmark a mark of the database before that call
 * @param startedAt when that call was made, in milliseconds since 1970
 * @param gitSha the commit it was applied from
 * @param actor who applied it
 * @param tool by which program
 */
record LedgerEntry(
    long id,
    String name,
    String appliedAt,
    @Nullable String sha256,
    @Nullable Long durationMs,
    @Nullable String bookmark,
    @Nullable Long startedAt,
    @Nullable String gitSha,
    @Nullable String actor,
    @Nullable String tool) {

  static LedgerEntry of(JsonNode row) {
    return new LedgerEntry(
        row.path("id").asLong(),
        row.path("name").asText(),
        row.path("applied_at").asText(),
        text(row, "sha256"),
        number(row, "duration_ms"),
        text(row, "bookmark_before"),
        number(row, "started_at"),
        text(row, "git_sha"),
        text(row, "actor"),
        text(row, "tool"));
  }

  private static @Nullable Long number(JsonNode row, String column) {
    return row.path(column).isNumber() ? row.path(column).asLong() : null;
  }

  private static @Nullable String text(JsonNode row, String column) {
    JsonNode value = row.path(column);
    return value.isTextual() ? value.asText() : null;
  }
}
