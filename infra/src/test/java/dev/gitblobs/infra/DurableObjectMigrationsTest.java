package dev.gitblobs.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.infra.WorkerManifest.Migration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DurableObjectMigrationsTest {
  private static final List<Migration> HISTORY =
      List.of(
          new Migration("v1", List.of("StoreHub"), List.of(), List.of()),
          new Migration("v2", List.of("Other"), List.of(), List.of()));

  @Test
  void sendsAllStepsToANewScript() {
    assertThat(DurableObjectMigrations.pending(HISTORY, Optional.empty()))
        .hasValueSatisfying(
            pending -> {
              assertThat(pending.oldTag()).isEmpty();
              assertThat(pending.newTag()).isEqualTo("v2");
              assertThat(pending.steps()).hasSize(2);
            });
  }

  @Test
  void sendsOnlyTheStepsAfterTheLiveTag() {
    assertThat(DurableObjectMigrations.pending(HISTORY, Optional.of("v1")))
        .hasValueSatisfying(
            pending -> {
              assertThat(pending.oldTag()).contains("v1");
              assertThat(pending.newTag()).isEqualTo("v2");
              assertThat(pending.steps()).hasSize(1);
            });
  }

  @Test
  void sendsNothingToAScriptThatIsAtTheNewestTag() {
    assertThat(DurableObjectMigrations.pending(HISTORY, Optional.of("v2"))).isEmpty();
  }

  @Test
  void refusesALiveTagFromANewerCheckout() {
    assertThatThrownBy(() -> DurableObjectMigrations.pending(HISTORY, Optional.of("v9")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("v9")
        .hasMessageContaining("v1, v2");
  }
}
