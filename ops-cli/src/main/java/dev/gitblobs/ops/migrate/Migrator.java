package dev.gitblobs.ops.migrate;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.lint.Finding;
import dev.gitblobs.ops.migrate.lint.Linter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies migrations to one database. Each migration and its ledger row are one transaction, so a
 * run that ends anywhere leaves whole migrations, and the next run goes on from there.
 */
public final class Migrator {
  private final SqlDatabase database;
  private final EarlyLook look;
  private final Author author;
  private final Watcher watcher;

  /** Applies to that database in that name. */
  public Migrator(SqlDatabase database, Author author, Watcher watcher) {
    this(database, EarlyLook.later(database), author, watcher);
  }

  /** The same, with a look at the database that was begun before. */
  public Migrator(SqlDatabase database, EarlyLook look, Author author, Watcher watcher) {
    this.database = database;
    this.look = look;
    this.author = author;
    this.watcher = watcher;
  }

  /** Follows a run. */
  public interface Watcher {
    /** A step was reached. */
    default void at(Step step) {}

    /** Another run is waited for. */
    default void waiting(String holder) {}

    /** These were committed by one call; with them so many of all are. */
    default void applied(List<Migration> now, int done, int all) {}

    /** Lets time pass. */
    default void sleep(Duration time) {
      try {
        Thread.sleep(time.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new OpsException("Interrupted while waiting.", "Run the command again.", e);
      }
    }
  }

  /**
   * How to apply.
   *
   * @param to name or number of the last migration to apply; null for all
   * @param outOfOrder whether a migration may be applied after a later one
   * @param patience how long to wait for another run
   */
  public record Options(@Nullable String to, boolean outOfOrder, Duration patience) {
    /** All of them, in order, waiting as long as a dead run's lock lives. */
    public static final Options DEFAULT =
        new Options(null, false, RunLock.LIFE.plus(Duration.ofSeconds(5)));
  }

  /**
   * What a run applied; its JSON form is stable.
   *
   * @param applied names of the migrations applied now, in order
   * @param pending how many are left, because of {@code --to}
   * @param bookmark the database's mark before the first of them; null when nothing was applied or
   *     the database has no marks
   * @param calls how many calls applied them
   * @param millis milliseconds from the first call to the last
   */
  public record Outcome(
      List<String> applied,
      int pending,
      @Nullable String bookmark,
      int calls,
      @JsonProperty("duration_ms") long millis) {}

  /** Compares files and ledger; changes nothing. */
  public Survey survey(List<Migration> files) {
    return new Survey(files, look.take());
  }

  /** Compares files and a database's ledger; changes nothing. */
  public static Survey look(SqlDatabase database, List<Migration> files) {
    return new Survey(files, Standing.read(database));
  }

  /**
   * The migrations that {@link #up} would apply.
   *
   * @throws OpsException when the database's are not an unedited beginning of the files, or the
   *     lint refuses one that is pending
   */
  public List<Migration> plan(List<Migration> files, Options options) {
    return judged(survey(files), options).migrations();
  }

  /**
   * What would be applied, and what the lint says about it.
   *
   * @param migrations in order
   * @param findings errors among them keep {@link #up} from applying anything
   */
  public record Plan(List<Migration> migrations, List<Finding> findings) {
    /** Copies the lists. */
    public Plan {
      migrations = List.copyOf(migrations);
      findings = List.copyOf(findings);
    }
  }

  /**
   * The same as {@link #plan}, with all that the lint says.
   *
   * @throws OpsException when the database's are not an unedited beginning of the files
   */
  public Plan judge(List<Migration> files, Options options) {
    Survey survey = survey(files);
    survey.requireOneLedger(database);
    List<Migration> plan = ordered(survey, options);
    return new Plan(plan, lint(survey, plan));
  }

  /**
   * Applies what is pending.
   *
   * @throws OpsException when the files do not fit the ledger, another run holds the lock, or the
   *     database refuses one; what was applied before stays
   */
  public Outcome up(List<Migration> files, Options options) {
    long begun = System.nanoTime();
    Survey before = survey(files);
    watcher.at(Step.LEDGER_READ);
    List<Migration> pending = before.pending();
    Plan first = judged(before, options);
    if (first.migrations().isEmpty()) {
      return new Outcome(List.of(), pending.size(), null, 0, millisSince(begun));
    }
    EarlyMark mark = new EarlyMark(database);
    RunLock lock = new RunLock(database, LockOwner.ofThisRun(), watcher::sleep);
    Survey survey = new Survey(files, lock.take(options.patience(), watcher::waiting));
    Run run = new Run(lock, survey.entries(), mark.after(before.entries(), survey.entries()));
    try {
      watcher.at(Step.LOCKED);
      List<Migration> plan = ordered(survey, options);
      if (!plan.equals(first.migrations())) {
        plan = judged(survey(files), options).migrations();
      }
      run.all = plan.size();
      Bundle.pack(plan).forEach(run::apply);
      run.finish(survey.entries());
      watcher.at(Step.CHECKED);
      return new Outcome(
          List.copyOf(run.applied),
          survey.pending().size() - plan.size(),
          run.firstBookmark,
          run.calls,
          millisSince(begun));
    } finally {
      run.release();
    }
  }

  private Plan judged(Survey survey, Options options) {
    survey.requireOneLedger(database);
    List<Migration> plan = ordered(survey, options);
    List<Finding> findings = lint(survey, plan);
    Linter.requireClean(findings);
    return new Plan(plan, findings);
  }

  private List<Finding> lint(Survey survey, List<Migration> plan) {
    if (plan.isEmpty()) {
      return List.of();
    }
    Set<String> out = new HashSet<>();
    survey.pending().forEach(file -> out.add(file.name()));
    plan.forEach(file -> out.remove(file.name()));
    List<Migration> concerned =
        survey.files().stream().filter(file -> !out.contains(file.name())).toList();
    return Linter.lint(concerned, survey.known(database), Set.of(database.ledger()));
  }

  private static List<Migration> ordered(Survey survey, Options options) {
    survey.requirePrefix(options.outOfOrder());
    List<Migration> plan = survey.pending();
    if (options.to() != null) {
      Migration last = survey.file(options.to());
      plan = plan.stream().filter(file -> Migration.ORDER.compare(file, last) <= 0).toList();
    }
    return plan;
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }

  /** One run that holds the lock. */
  private final class Run {
    private final RunLock lock;
    private final Set<String> applied = new LinkedHashSet<>();
    private final List<Statement> durations = new ArrayList<>();
    private List<LedgerEntry> ledger;
    private @Nullable String firstBookmark;
    private int all;
    private int calls;
    private boolean isReleased;

    private Supplier<Optional<String>> nextMark;

    Run(RunLock lock, List<LedgerEntry> ledger, Supplier<Optional<String>> nextMark) {
      this.lock = lock;
      this.ledger = ledger;
      this.nextMark = nextMark;
    }

    /** Applies a bundle; one by one when that is refused, so that those before the bad one stay. */
    void apply(Bundle bundle) {
      String bookmark = nextMark.get().orElse(null);
      nextMark = database::bookmark;
      firstBookmark = firstBookmark == null ? bookmark : firstBookmark;
      watcher.at(Step.BOOKMARKED);
      long begun = System.nanoTime();
      BundleCall call = new BundleCall(database, lock, author, bookmark, watcher::at);
      Optional<List<LedgerEntry>> now = call.apply(bundle, ledger);
      calls++;
      if (now.isEmpty()) {
        bundle.migrations().forEach(one -> apply(new Bundle(List.of(one))));
        return;
      }
      ledger = now.get();
      watcher.at(Step.APPLIED);
      durations.add(LedgerRows.took(bundle.migrations(), millisSince(begun)));
      bundle.migrations().forEach(migration -> applied.add(migration.name()));
      watcher.applied(bundle.migrations(), applied.size(), all);
    }

    /** The ledger must now hold what it held, what was applied, and nothing else. */
    void finish(List<LedgerEntry> before) {
      List<Statement> last = new ArrayList<>(durations);
      last.add(lock.release());
      Set<String> expected = new LinkedHashSet<>();
      before.forEach(entry -> expected.add(entry.name()));
      expected.addAll(applied);
      Set<String> found = new LinkedHashSet<>();
      Ledger.readAfter(database, last).forEach(entry -> found.add(entry.name()));
      isReleased = true;
      if (!found.equals(expected)) {
        throw new OpsException(
            "The ledger is not what this run wrote: expected " + expected + ", found " + found,
            "Another tool ran at the same time. See relayctl migrate info.");
      }
    }

    /** After a failure the lock is given back as well as may be; it expires anyway. */
    void release() {
      if (isReleased) {
        return;
      }
      try {
        List<Statement> last = new ArrayList<>(durations);
        last.add(lock.release());
        database.batch(last);
      } catch (SqlDatabase.Refusal | SqlDatabase.Unanswered | ApiException | OpsException e) {
        // The failure that led here is the one to tell; the lock expires.
      }
    }
  }
}
