package dev.gitblobs.infra;

import com.pulumi.core.Output;
import com.pulumi.core.internal.Internal;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.gitblobs.infra.cloudflare.D1Database;
import java.util.List;
import java.util.Map;

/** The record of everything: one D1 database. */
final class RelayDatabase extends ComponentResource {
  private final D1Database database;

  RelayDatabase(StackSettings settings, ComponentResourceOptions options) {
    super("gitblobs:relay:RelayDatabase", "database", options);
    database =
        new D1Database(
            "database",
            new D1Database.Args(settings.accountId(), settings.resourceName()),
            CustomResourceOptions.builder()
                .parent(this)
                .protect(settings.protect())
                .retainOnDelete(settings.protect())
                // Each of these, changed, would replace the database and lose its data.
                .ignoreChanges("accountId", "name", "primaryLocationHint", "jurisdiction"));
    refuseReplacement(settings, database);
    registerOutputs(Map.of("databaseId", database.uuid()));
  }

  /** The id that Cloudflare gave the database. */
  Output<String> id() {
    return database.uuid();
  }

  /**
   * The policy that no database is ever replaced: the engine keeps the one that there is, and this
   * stops the program when it is not the one that the settings mean. It waits, because an exception
   * in an output's function would reach the operator as a stack trace.
   */
  private static void refuseReplacement(StackSettings settings, D1Database database) {
    var live = Output.tuple(database.accountId(), database.databaseName());
    Internal.of(live)
        .getValueOptional()
        .join()
        .filter(it -> !it.t1.equals(settings.accountId()) || !it.t2.equals(settings.resourceName()))
        .ifPresent(
            it -> {
              throw new SettingsException(
                  "Policy: a database is never replaced, its data would be lost. The stack has the"
                      + " database %s in the account %s, but its settings mean %s in the account %s."
                          .formatted(it.t2, it.t1, settings.resourceName(), settings.accountId())
                      + " Correct gitblobs-relay:environment and gitblobs-relay:accountId, or make"
                      + " a new stack for the new database.",
                  List.of());
            });
  }
}
