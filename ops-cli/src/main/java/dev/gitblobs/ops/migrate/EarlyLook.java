package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.migrate.trial.Rehearsal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What a database has, asked for while files are still being read: over a network that takes as
 * long. SQLite, which judges them, is loaded meanwhile, too.
 */
public final class EarlyLook {
  private final SqlDatabase database;
  private @Nullable CompletableFuture<Standing> answer;

  private EarlyLook(SqlDatabase database, @Nullable CompletableFuture<Standing> answer) {
    this.database = database;
    this.answer = answer;
  }

  /** Begins to look; nothing else may use the database until the look was used. */
  public static EarlyLook at(SqlDatabase database) {
    CompletableFuture<Void> unused = CompletableFuture.runAsync(Rehearsal::load);
    return new EarlyLook(database, CompletableFuture.supplyAsync(() -> Standing.read(database)));
  }

  /** Looks when it is asked. */
  public static EarlyLook later(SqlDatabase database) {
    return new EarlyLook(database, null);
  }

  /** What it found; it is good once, and read again the next time. */
  Standing take() {
    CompletableFuture<Standing> first = answer;
    answer = null;
    if (first == null) {
      return Standing.read(database);
    }
    try {
      return first.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
