package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.NO_PATIENCE;
import static dev.gitblobs.ops.migrate.Databases.migrator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.lint.FoldersTest;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders as projects have them, on D1: all that it takes is applied unmodified. */
final class D1FoldersIT {
  static List<String> folders() {
    return FoldersTest.folders().toList();
  }

  @ParameterizedTest
  @MethodSource("folders")
  void areAppliedToAnEmptyDatabaseAsTheyAre(String folder) {
    LocalCloudflare cloudflare = LocalCloudflare.shared();
    SqlDatabase database = D1Place.open(cloudflare, D1Place.create(cloudflare, folder));
    List<Migration> files = FoldersTest.read(folder);
    if (FoldersTest.isTaken(folder)) {
      assertThat(migrator(database).up(files, NO_PATIENCE).applied())
          .containsExactlyElementsOf(files.stream().map(Migration::name).toList());
    } else {
      assertThatThrownBy(() -> migrator(database).up(files, NO_PATIENCE))
          .isInstanceOf(OpsException.class)
          .hasMessageContaining("lint refuses");
    }
  }
}
