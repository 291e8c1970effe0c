package dev.gitblobs.ops.command;

import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import dev.gitblobs.ops.migrate.Author;
import dev.gitblobs.ops.migrate.D1Database;
import dev.gitblobs.ops.migrate.SqlDatabase;
import dev.gitblobs.ops.migrate.SqliteFile;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.wrangler.WranglerDatabase;
import dev.gitblobs.ops.wrangler.WranglerFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say which migrations go to which database. */
final class MigrationOptions {
  /** One of these. */
  static final class Database {
    @Option(
        names = "--env",
        paramLabel = "ENV",
        completionCandidates = KnownEnvironments.class,
        description = "The environment whose database is meant (default: local).")
    private @Nullable String environment;

    @Option(
        names = "--sqlite",
        paramLabel = "FILE",
        description = "A plain SQLite file instead, for development.")
    private @Nullable Path sqlite;

    @Option(
        names = "--wrangler",
        paramLabel = "FILE",
        description = "The database and the migrations of that wrangler.toml, .json or .jsonc.")
    private @Nullable Path wrangler;

    @Option(
        names = "--database",
        paramLabel = "ID|NAME",
        description = "Any D1 database, of the account given by --account.")
    private @Nullable String database;
  }

  @ArgGroup private Database database = new Database();

  @Option(
      names = "--binding",
      paramLabel = "NAME",
      description = "With --wrangler: which database, by its binding or name.")
  private @Nullable String binding;

  @Option(
      names = "--wrangler-env",
      paramLabel = "ENV",
      description = "With --wrangler: the named environment of that file.")
  private @Nullable String wranglerEnvironment;

  @Option(
      names = "--account",
      paramLabel = "ID",
      description = "The Cloudflare account (default: CLOUDFLARE_ACCOUNT_ID).")
  private @Nullable String account;

  @Option(
      names = "--migrations",
      paramLabel = "DIR",
      description = "The folder of migrations (default: migrations/ of the checkout).")
  private @Nullable Path folder;

  private @Nullable WranglerDatabase settings;

  /** The folder of migrations. */
  Path folder() {
    return source().folder();
  }

  /** The migrations in it. */
  List<Migration> files() {
    return source().read();
  }

  private MigrationFolder source() {
    if (folder != null) {
      return new MigrationFolder(folder, null);
    }
    if (database.wrangler != null) {
      return new MigrationFolder(settings().migrations(), settings().pattern());
    }
    return new MigrationFolder(Project.find().migrations(), null);
  }

  private WranglerDatabase settings() {
    if (settings == null) {
      Path file = java.util.Objects.requireNonNull(database.wrangler);
      settings = WranglerFile.read(file).database(binding, wranglerEnvironment);
    }
    return settings;
  }

  /** Whether a database was named. */
  boolean namesDatabase() {
    return database.environment != null
        || database.sqlite != null
        || database.database != null
        || (database.wrangler != null && !settingsAreEnough());
  }

  /** Without a token the settings only say which files are meant. */
  private boolean settingsAreEnough() {
    String token = System.getenv("CLOUDFLARE_API_TOKEN");
    return token == null || token.isBlank();
  }

  /** Whether users depend on it: that of an environment that is protected. */
  boolean isProtected() {
    return database.environment != null
        && !Project.find().environment(database.environment).isDisposable();
  }

  /** Whether it is on Cloudflare, and not on this machine. */
  boolean isRemote() {
    return isProtected() || database.wrangler != null || database.database != null;
  }

  /** What the database is called in messages and JSON. */
  String databaseName() {
    if (database.sqlite != null) {
      return database.sqlite.toString();
    }
    if (database.wrangler != null) {
      WranglerDatabase named = settings();
      return named.name() == null ? named.binding() : named.name();
    }
    if (database.database != null) {
      return database.database;
    }
    return database.environment == null ? Environment.LOCAL : database.environment;
  }

  /** Tables in which tools keep what is applied, as far as the settings tell. */
  Set<String> ledgers() {
    return database.wrangler == null ? Set.of() : Set.of(settings().ledger());
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
    if (database.wrangler != null) {
      WranglerDatabase named = settings();
      String idOrName = named.id() == null ? named.name() : named.id();
      return work.apply(open(idOrName, named.account(), named.ledger()));
    }
    if (database.database != null) {
      return work.apply(open(database.database, null, "d1_migrations"));
    }
    Environment environment = Project.find().environment(databaseName());
    return work.apply(new D1Database(Target.of(environment).database()));
  }

  private D1Database open(@Nullable String idOrName, @Nullable String named, String ledger) {
    if (idOrName == null) {
      throw OpsException.usage(
          "The settings of " + databaseName() + " have neither database_id nor database_name.",
          "Add one, or name the database by --database.");
    }
    String owner = accountId(named);
    ApiClient api = Target.remoteApi();
    String id =
        idOrName.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
            ? idOrName
            : D1.find(api, owner, idOrName)
                .orElseThrow(
                    () ->
                        new OpsException(
                            "There is no D1 database '" + idOrName + "' in that account.",
                            "Check the name and the account."));
    return new D1Database(new D1(api, owner, id), ledger);
  }

  private String accountId(@Nullable String named) {
    return Stream.of(account, named, System.getenv("CLOUDFLARE_ACCOUNT_ID"))
        .filter(id -> id != null && !id.isBlank())
        .findFirst()
        .orElseThrow(
            () ->
                OpsException.usage(
                    "No Cloudflare account.",
                    "Give it by --account, by account_id in the settings, or by"
                        + " CLOUDFLARE_ACCOUNT_ID."));
  }
}
