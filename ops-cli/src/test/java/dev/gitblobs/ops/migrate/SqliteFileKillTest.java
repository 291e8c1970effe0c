package dev.gitblobs.ops.migrate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

final class SqliteFileKillTest extends KillContract {
  @TempDir private Path databases;
  private int count;

  @Override
  List<Step> importSteps() {
    return List.of();
  }

  @Override
  Place newPlace() {
    Path file = databases.resolve(++count + ".sqlite");
    return new Place(SqliteFile.open(file), List.of("sqlite", file.toString()), Map.of());
  }
}
