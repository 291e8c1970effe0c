package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationNames;
import dev.gitblobs.ops.migrate.lint.Known;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Files and ledger side by side. */
public final class Survey {
  private final List<Migration> files;
  private final List<LedgerEntry> entries;
  private final Standing standing;
  private final List<MigrationState> states = new ArrayList<>();

  Survey(List<Migration> files, List<LedgerEntry> entries) {
    this(files, new Standing(entries, List.of(), Set.of()));
  }

  Survey(List<Migration> files, Standing standing) {
    this.files = files;
    this.entries = standing.entries();
    this.standing = standing;
    compare();
  }

  /** Every migration of either side: the files in their order, then what has no file. */
  public List<MigrationState> states() {
    return List.copyOf(states);
  }

  /** The migrations that are not applied, in order. */
  public List<Migration> pending() {
    Set<String> applied = entries.stream().map(LedgerEntry::name).collect(Collectors.toSet());
    return files.stream().filter(file -> !applied.contains(file.name())).toList();
  }

  /** Names of those in that state. */
  public Set<String> in(State state) {
    return states.stream()
        .filter(one -> one.state() == state)
        .map(MigrationState::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * What newer code has applied: the files are an earlier state of what the database went through,
   * as in the checkout of an earlier commit.
   *
   * @return those names; empty when nothing is ahead, or when more than that differs
   */
  public List<String> ahead() {
    boolean isPrefix =
        pending().isEmpty() && in(State.CHANGED).isEmpty() && in(State.OUT_OF_ORDER).isEmpty();
    long last = files.isEmpty() ? 0 : files.get(files.size() - 1).number();
    List<String> missing =
        states.stream()
            .filter(state -> state.state() == State.MISSING)
            .map(MigrationState::name)
            .toList();
    return isPrefix && missing.stream().allMatch(name -> MigrationNames.number(name) > last)
        ? missing
        : List.of();
  }

  /**
   * The file of that name or number.
   *
   * @throws OpsException when there is none
   */
  Migration file(String nameOrNumber) {
    return files.stream()
        .filter(file -> Migration.isCalled(file.name(), nameOrNumber))
        .findFirst()
        .orElseThrow(
            () ->
                OpsException.usage(
                    "There is no migration '" + nameOrNumber + "'.",
                    "Name a file or its number; relayctl migrate info lists them."));
  }

  /** What the lint has to know of that database. */
  public Known known(SqlDatabase database) {
    return standing.known(database, in(State.CHANGED));
  }

  /**
   * Passes when what is applied is kept in this ledger, if anywhere.
   *
   * @throws OpsException when another tool keeps it, or another table
   */
  void requireOneLedger(SqlDatabase database) {
    standing.requireOneLedger(database);
  }

  List<Migration> files() {
    return files;
  }

  List<LedgerEntry> entries() {
    return entries;
  }

  /**
   * Passes when what is applied is an unedited beginning of the files.
   *
   * @param isAnyOrder whether files may be missing in that beginning
   * @throws OpsException naming the first one that is changed, missing or out of order
   */
  void requirePrefix(boolean isAnyOrder) {
    for (MigrationState state : states) {
      if (state.state() == State.CHANGED) {
        throw new OpsException(
            state.name() + " was edited after it was applied on " + state.appliedAt() + " UTC.",
            "Restore the file and write a new migration. If only its meaning to people changed,"
                + " relayctl migrate repair records it as it is now.");
      } else if (state.state() == State.MISSING) {
        throw new OpsException(
            "The database has " + state.name() + ", but there is no such file.",
            "Check out the commit that has it"
                + (state.gitSha() == null ? "." : ", for instance " + state.gitSha() + "."));
      } else if (state.state() == State.OUT_OF_ORDER && !isAnyOrder) {
        throw new OpsException(
            state.name() + " is not applied, but a later migration is.",
            "Give it the next free number; or, if the order does not matter, run again with"
                + " --out-of-order.");
      }
    }
  }

  private void compare() {
    Map<String, LedgerEntry> applied = new HashMap<>();
    entries.forEach(entry -> applied.put(entry.name(), entry));
    int lastApplied = lastAppliedIndex(applied.keySet());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < files.size(); i++) {
      Migration file = files.get(i);
      names.add(file.name());
      LedgerEntry entry = applied.get(file.name());
      if (entry == null) {
        State state = i < lastApplied ? State.OUT_OF_ORDER : State.PENDING;
        states.add(MigrationState.unapplied(file.name(), state));
      } else {
        boolean isChanged = entry.sha256() != null && !entry.sha256().equals(file.sha256());
        states.add(MigrationState.of(entry, isChanged ? State.CHANGED : State.APPLIED));
      }
    }
    entries.stream()
        .filter(entry -> !names.contains(entry.name()))
        .forEach(entry -> states.add(MigrationState.of(entry, State.MISSING)));
  }

  private int lastAppliedIndex(Set<String> applied) {
    for (int i = files.size() - 1; i >= 0; i--) {
      if (applied.contains(files.get(i).name())) {
        return i;
      }
    }
    return -1;
  }
}
