package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.file.Migration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What going back to a mark of the database means, as far as its ledger tells.
 *
 * @param bookmark the mark
 * @param takenAt when it was taken, in milliseconds since 1970; null when nobody recorded that
 * @param undone names of the migrations that will not be applied any more, the first one first
 * @param together those of them that were applied in one call right after the mark, and can only be
 *     undone together; empty when it is one or none
 */
public record WayBack(
    String bookmark, @Nullable Long takenAt, List<String> undone, List<String> together) {
  /** Copies the lists. */
  public WayBack {
    undone = List.copyOf(undone);
    together = List.copyOf(together);
  }

  /**
   * To before a migration. Only the ledger is asked: this checkout may not have the file.
   *
   * @throws OpsException when it is not applied, or no mark was recorded
   */
  static WayBack before(String nameOrNumber, List<LedgerEntry> entries) {
    LedgerEntry entry =
        entries.stream()
            .filter(candidate -> Migration.isCalled(candidate.name(), nameOrNumber))
            .findFirst()
            .orElseThrow(
                () ->
                    new OpsException(
                        "The migration '" + nameOrNumber + "' is not applied.",
                        "See relayctl migrate info for what is."));
    if (entry.bookmark() == null) {
      throw new OpsException(
          "No bookmark was recorded before " + entry.name() + ": relayctl did not apply it there.",
          "Find one by its time with wrangler d1 time-travel info, and give it by --bookmark.");
    }
    return to(entry.bookmark(), entries);
  }

  /** To that mark, which the ledger may not name. */
  static WayBack to(String bookmark, List<LedgerEntry> entries) {
    List<LedgerEntry> ordered =
        entries.stream().sorted(Comparator.comparingLong(LedgerEntry::id)).toList();
    List<LedgerEntry> together =
        ordered.stream().filter(entry -> bookmark.equals(entry.bookmark())).toList();
    if (together.isEmpty()) {
      return new WayBack(bookmark, null, List.of(), List.of());
    }
    long first = together.get(0).id();
    return new WayBack(
        bookmark,
        together.stream()
            .map(LedgerEntry::startedAt)
            .filter(Objects::nonNull)
            .min(Long::compare)
            .orElse(null),
        ordered.stream().filter(entry -> entry.id() >= first).map(LedgerEntry::name).toList(),
        together.size() == 1 ? List.of() : together.stream().map(LedgerEntry::name).toList());
  }
}
