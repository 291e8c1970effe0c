package dev.gitblobs.infra;

import dev.gitblobs.infra.cloudflare.WorkersScript.MigrationStep;
import dev.gitblobs.infra.cloudflare.WorkersScript.Migrations;
import dev.gitblobs.infra.cloudflare.WorkersScript.RenamedClass;
import java.util.List;
import java.util.Optional;

/**
 * Decides which Durable Object migrations an upload has to carry.
 *
 * <p>Cloudflare applies steps only on top of the tag that the live script carries and answers 412
 * otherwise, and the provider sends what it is given with every update: so the steps are those
 * after the live tag, and none at all once the script is at the newest.
 */
final class DurableObjectMigrations {
  private DurableObjectMigrations() {}

  /**
   * The steps from the live tag to the newest.
   *
   * @throws SettingsException if the live tag is not one of the manifest's: the live script is
   *     newer than this checkout, or the history was rewritten
   */
  static Optional<Migrations> pending(
      List<WorkerManifest.Migration> history, Optional<String> liveTag) {
    var tags = history.stream().map(WorkerManifest.Migration::tag).toList();
    if (liveTag.isPresent() && !tags.contains(liveTag.get())) {
      throw new SettingsException(
          "The live script carries the Durable Object migration tag "
              + liveTag.get()
              + ", which worker/bindings.json does not know (it has "
              + String.join(", ", tags)
              + "). Deploy from a checkout that has this migration.",
          List.of());
    }
    var pending =
        history.subList(liveTag.map(tag -> tags.indexOf(tag) + 1).orElse(0), history.size());
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    var steps = pending.stream().map(DurableObjectMigrations::step).toList();
    return Optional.of(new Migrations(liveTag, pending.get(pending.size() - 1).tag(), steps));
  }

  private static MigrationStep step(WorkerManifest.Migration migration) {
    var renamed =
        migration.renamed().stream().map(r -> new RenamedClass(r.from(), r.to())).toList();
    return new MigrationStep(migration.newSqliteClasses(), migration.deletedClasses(), renamed);
  }
}
