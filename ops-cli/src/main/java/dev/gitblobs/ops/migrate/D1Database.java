package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.cloudflare.D1Import;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A D1 database, on Cloudflare or on this machine: the same calls. */
public final class D1Database implements SqlDatabase {
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;

  private final D1 d1;
  private final String ledger;
  private final Consumer<Duration> sleep;

  /** That database. */
  public D1Database(D1 d1) {
    this(d1, Ledger.DEFAULT_NAME);
  }

  /**
   * That database.
   *
   * @param ledger the table in which wrangler keeps what is applied
   */
  public D1Database(D1 d1, String ledger) {
    this(d1, ledger, new Migrator.Watcher() {}::sleep);
  }

  /** The same, with another way to let time pass. */
  D1Database(D1 d1, Consumer<Duration> sleep) {
    this(d1, Ledger.DEFAULT_NAME, sleep);
  }

  private D1Database(D1 d1, String ledger, Consumer<Duration> sleep) {
    this.d1 = d1;
    this.ledger = ledger;
    this.sleep = sleep;
  }

  @Override
  public String ledger() {
    return ledger;
  }

  @Override
  public List<List<JsonNode>> batch(List<Statement> statements) {
    List<D1.Statement> all =
        statements.stream()
            .map(statement -> new D1.Statement(statement.sql(), statement.params()))
            .toList();
    return translated(() -> d1.batch(all));
  }

  @Override
  public void importText(String sql, Consumer<Step> steps) {
    translated(
        () -> {
          D1Import running = d1.beginImport(sql);
          steps.accept(Step.IMPORT_BEGUN);
          running.upload();
          steps.accept(Step.IMPORT_UPLOADED);
          running.ingest();
          steps.accept(Step.IMPORT_INGESTED);
          running.await(sleep);
          return true;
        });
  }

  @Override
  public Optional<String> bookmark() {
    try {
      return Optional.of(translated(d1::bookmark));
    } catch (ApiException e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty(); // this API offers no Time Travel
      }
      throw e;
    }
  }

  @Override
  public String restore(String bookmark) {
    return translated(() -> d1.restore(bookmark));
  }

  /**
   * A refused token or a missing database stays an {@link ApiException}: no migration is to blame.
   */
  private static <T> T translated(Supplier<T> call) {
    try {
      return call.get();
    } catch (ApiException e) {
      if (e.code() == ApiException.SQL_FAILED) {
        throw new Refusal(e.reason(), e);
      }
      if (e.status() == 0 || e.status() >= SERVER_ERROR) {
        throw new Unanswered(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }
}
