package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One migration as the files and a database see it together; its JSON form is stable.
 *
 * @param name the file's name
 * @param state how the two compare
 * @param appliedAt when it was applied, in UTC; null while it is pending
 * @param durationMs milliseconds of the call that applied it; null when that is not known
 * @param actor who applied it
 * @param tool by which program; null for wrangler and others that do not say
 * @param gitSha from which commit
 * @param bookmark the database's mark before it
 */
public record MigrationState(
    String name,
    State state,
    @Nullable @JsonProperty("applied_at") String appliedAt,
    @Nullable @JsonProperty("duration_ms") Long durationMs,
    @Nullable String actor,
    @Nullable String tool,
    @Nullable @JsonProperty("git_sha") String gitSha,
    @Nullable String bookmark) {

  /** How a file and the ledger compare. */
  public enum State {
    /** In both, and the same where that is known. */
    APPLIED,
    /** A file that the ledger does not have, after all that it has. */
    PENDING,
    /** A file that the ledger does not have, but has a later one. */
    OUT_OF_ORDER,
    /** Applied, but the file is another one now. */
    CHANGED,
    /** In the ledger, but there is no such file. */
    MISSING;

    /** For people and JSON: {@code out-of-order}. */
    @Override
    @com.fasterxml.jackson.annotation.JsonValue
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  static MigrationState unapplied(String name, State state) {
    return new MigrationState(name, state, null, null, null, null, null, null);
  }

  static MigrationState of(LedgerEntry entry, State state) {
    return new MigrationState(
        entry.name(),
        state,
        entry.appliedAt(),
        entry.durationMs(),
        entry.actor(),
        entry.tool(),
        entry.gitSha(),
        entry.bookmark());
  }
}
