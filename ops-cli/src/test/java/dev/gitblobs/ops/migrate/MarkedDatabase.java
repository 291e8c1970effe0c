package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An SQLite file that has marks as D1 has, and whose answers can be lost on the way. */
final class MarkedDatabase implements SqlDatabase {
  /** Where an answer is lost. */
  enum Loss {
    /** The call never arrives. */
    BEFORE,
    /** The call is done, and nobody is told. */
    AFTER
  }

  private final SqlDatabase file;
  private final List<String> restored = new ArrayList<>();
  private int marks;
  private final AtomicInteger calls = new AtomicInteger();
  private @Nullable String losing;
  private Loss loss = Loss.BEFORE;
  private boolean isLostForGood;

  MarkedDatabase(SqlDatabase file) {
    this.file = file;
  }

  /** Loses the answer to the first call that has these words in it. */
  void lose(String words, Loss where) {
    losing = words;
    loss = where;
  }

  /** Loses that answer, and all calls after it. */
  void loseForGood(String words, Loss where) {
    lose(words, where);
    isLostForGood = true;
  }

  /** The marks that it was brought back to. */
  List<String> restored() {
    return restored;
  }

  /** How many calls of an API it would have been. */
  int calls() {
    return calls.get();
  }

  @Override
  public List<List<JsonNode>> batch(List<Statement> statements) {
    calls.incrementAndGet();
    boolean isLost = isLost(statements.toString());
    if (isLost && loss == Loss.BEFORE) {
      throw lost();
    }
    List<List<JsonNode>> rows = file.batch(statements);
    if (isLost) {
      loss = Loss.BEFORE;
      throw lost();
    }
    return rows;
  }

  @Override
  public void importText(String sql, Consumer<Step> steps) {
    if (isLost(sql)) {
      throw lost();
    }
    steps.accept(Step.IMPORT_UPLOADED);
    file.importText(sql, steps);
  }

  private boolean isLost(String text) {
    if (losing == null || !text.contains(losing)) {
      return false;
    }
    losing = isLostForGood ? "" : null;
    return true;
  }

  private static Unanswered lost() {
    return new Unanswered("the line is cut", new Exception());
  }

  @Override
  public Optional<String> bookmark() {
    calls.incrementAndGet();
    return Optional.of("mark-" + ++marks);
  }

  @Override
  public String restore(String bookmark) {
    restored.add(bookmark);
    return "undo-" + bookmark;
  }
}
