package dev.gitblobs.ops.migrate;

import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.file.MigrationFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that applies migrations and dies at a given step as by kill -9: no finally
 * block and no shutdown hook runs.
 */
public final class KilledRun {
  /** What a shell reports for SIGKILL. */
  static final int KILLED = 137;

  private KilledRun() {}

  /** Arguments: the step to die at, from 1; a folder of migrations; then the database. */
  public static void main(String[] args) {
    int last = Integer.parseInt(args[0]);
    List<Migration> files = new MigrationFolder(Path.of(args[1]), null).read();
    new Migrator(
            database(List.of(args).subList(2, args.length)),
            Databases.AUTHOR,
            new Migrator.Watcher() {
              private int steps;

              @Override
              public void at(Step step) {
                if (++steps == last) {
                  Runtime.getRuntime().halt(KILLED);
                }
              }
            })
        .up(files, Databases.NO_PATIENCE);
  }

  /** Runs {@link #main} in a new process and returns its exit code. */
  static int run(int step, Path folder, List<String> database, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRun.class.getName(),
                String.valueOf(step),
                folder.toString()));
    command.addAll(database);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment);
    return builder.start().waitFor();
  }

  private static SqlDatabase database(List<String> words) {
    if (words.get(0).equals("sqlite")) {
      return SqliteFile.open(Path.of(words.get(1)));
    }
    ApiClient api = new ApiClient(URI.create(words.get(1)), System.getenv("KILLED_RUN_TOKEN"));
    return new D1Database(new D1(api, words.get(2), words.get(3)));
  }
}
