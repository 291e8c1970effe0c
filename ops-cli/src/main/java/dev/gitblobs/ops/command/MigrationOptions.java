package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.migrate.Author;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.migrate.SqliteFile;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.provision.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say which migrations go to which database. */
final class MigrationOptions {
  /** One or the other. */
  static final class Database {
    @Option(
        names = "--env",
        paramLabel = "ENV",
        description = "The environment whose database is meant (default: local).")
    private @Nullable String environment;

    @Option(
        names = "--sqlite",
        paramLabel = "FILE",
        description = "A plain SQLite file instead, for development.")
    private @Nullable Path sqlite;
  }

  @ArgGroup private Database database = new Database();

  @Option(
      names = "--migrations",
      paramLabel = "DIR",
      description = "The folder of migrations (default: migrations/ of the checkout).")
  private @Nullable Path folder;

  /** The folder of migrations. */
  Path folder() {
    return folder == null ? Project.find().migrations() : folder;
  }

  /** The migrations in it. */
  List<Migration> files() {
    return Migration.readAll(folder());
  }

  /** Whether a database was named. */
  boolean namesDatabase() {
    return database.environment != null || database.sqlite != null;
  }

  /** What the database is called in messages and JSON. */
  String databaseName() {
    if (database.sqlite != null) {
      return database.sqlite.toString();
    }
    return database.environment == null ? Environment.LOCAL : database.environment;
  }

  /** Who works on it, for the record. */
  Author author() {
    return Author.ofThisRun(folder().toAbsolutePath());
  }

  /** Opens the database for the time of some work. */
  <T> T withDatabase(Function<SqlDatabase, T> work) {
    if (database.sqlite != null) {
      try (SqliteFile file = SqliteFile.open(database.sqlite)) {
        return work.apply(file);
      }
    }
    Environment environment = Project.find().environment(databaseName());
    return work.apply(new D1Database(Target.of(environment).database()));
  }
}
