package dev.gitblobs.ops.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.gitblobs.ops.provision.UpReport;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a deployment ends; the JSON forms of its parts are stable. */
public sealed interface DeployOutcome {
  /** What became of the database. */
  Database database();

  /** It serves, and works. */
  record Deployed(UpReport report, Database database) implements DeployOutcome {}

  /**
   * It does not.
   *
   * @param message what failed and what was rolled back
   * @param remedy what to run
   * @param worker what became of the Worker
   * @param version the Worker version that serves now; null when none or not one does
   */
  record Failed(
      String message,
      String remedy,
      Worker worker,
      @Nullable String version,
      Database database,
      Throwable cause)
      implements DeployOutcome {}

  /**
   * What became of the database.
   *
   * @param applied the migrations that this deployment applied; they stay
   * @param bookmark the database's mark before the first of them; null when there is none
   * @param isKnown false when the database did not answer the question
   */
  record Database(
      List<String> applied, @Nullable String bookmark, @JsonProperty("known") boolean isKnown) {}

  /** What became of the Worker after a failure. */
  enum Worker {
    /** It was never replaced: the version before serves. */
    UNCHANGED,
    /** The version before serves again. */
    ROLLED_BACK,
    /** What serves is not what served before, and could not be put back. */
    NOT_ROLLED_BACK,
    /** There was none before. */
    FIRST;

    /** As in JSON: {@code rolled-back}. */
    @Override
    @JsonValue
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
