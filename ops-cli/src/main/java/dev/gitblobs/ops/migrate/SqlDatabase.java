package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A database that migrations are applied to: D1 over its API, or a plain SQLite file. */
public interface SqlDatabase {
  /**
   * One statement with its parameters, bound in order.
   *
   * @param sql exactly one statement
   * @param params text, whole numbers or null
   */
  record Statement(String sql, List<?> params) {
    /** A statement without parameters. */
    public Statement(String sql) {
      this(sql, List.of());
    }
  }

  /** The table in which wrangler and relayctl keep what is applied. */
  default String ledger() {
    return Ledger.DEFAULT_NAME;
  }

  /**
   * Runs statements in one transaction, in order: all of them or none.
   *
   * @return the rows of each, as JSON objects by column name
   * @throws Refusal when the database refuses one; then nothing was changed
   * @throws Unanswered when no answer came; then nobody knows whether it was done
   */
  List<List<JsonNode>> batch(List<Statement> statements);

  /**
   * Runs a text of statements that is too large for {@link #batch}, all of them or none. The
   * database may be busy for everybody else meanwhile. Fails like {@link #batch}.
   *
   * @param steps told how far it is, where there is anything to tell
   */
  void importText(String sql, Consumer<Step> steps);

  /** A mark to which {@link #restore} can bring the database back; empty where there are none. */
  Optional<String> bookmark();

  /**
   * Brings the database back to a mark; what was written since is gone.
   *
   * @return a mark that undoes this
   * @throws Refusal when the database has no marks, or not this one
   */
  String restore(String bookmark);

  /** The database refused; its own words are the message. */
  final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A refusal in the database's words. */
    public Refusal(String words, Throwable cause) {
      super(words, cause);
    }
  }

  /** No answer came, so nobody knows whether it was done. */
  final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was tried, and why there is no answer. */
    public Unanswered(String what, Throwable cause) {
      super(what, cause);
    }
  }
}
