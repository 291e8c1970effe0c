package dev.gitblobs.ops.migrate;

import static dev.gitblobs.ops.migrate.Databases.tables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.migrate.MigrationState.State;
import dev.gitblobs.ops.migrate.file.Migration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What files and ledger say when they are laid side by side. */
final class SurveyTest {
  private static LedgerEntry entry(int id, String name) {
    return entry(id, name, null, null);
  }

  private static LedgerEntry entry(
      int id, String name, @Nullable String sha256, @Nullable String gitSha) {
    return new LedgerEntry(
        id, name, "2026-01-02", sha256, 7L, "mark", 8L, gitSha, "ada", "relayctl");
  }

  /** Files 1 to that one, and a ledger with these names. */
  private static Survey survey(int files, String... applied) {
    List<LedgerEntry> entries = new ArrayList<>();
    for (String name : applied) {
      entries.add(entry(entries.size() + 1, name));
    }
    return new Survey(tables(files), entries);
  }

  private static List<State> states(Survey survey) {
    return survey.states().stream().map(MigrationState::state).toList();
  }

  @Test
  void tellsPendingFromOutOfOrderByTheLastThatIsApplied() {
    assertThat(states(survey(3, "0002_x.sql")))
        .containsExactly(State.OUT_OF_ORDER, State.APPLIED, State.PENDING);
    assertThat(states(survey(2))).containsExactly(State.PENDING, State.PENDING);
    assertThat(states(survey(1, "0001_x.sql"))).containsExactly(State.APPLIED);
  }

  @Test
  void namesWhatHasNoFileAfterTheFiles() {
    Survey survey = survey(1, "0001_x.sql", "0007_y.sql");
    assertThat(survey.states())
        .extracting(MigrationState::name)
        .containsExactly("0001_x.sql", "0007_y.sql");
    assertThat(survey.in(State.MISSING)).containsExactly("0007_y.sql");
    assertThat(survey.entries()).hasSize(2);
    assertThat(survey.files()).hasSize(1);
  }

  @Test
  void takesAFileForChangedOnlyWhenItsChecksumIsKnown() {
    Migration file = tables(1).get(0);
    String name = file.name();
    assertThat(states(new Survey(tables(1), List.of(entry(1, name, file.sha256(), null)))))
        .containsExactly(State.APPLIED);
    assertThat(states(new Survey(tables(1), List.of(entry(1, name, "another", null)))))
        .containsExactly(State.CHANGED);
    assertThat(states(survey(1, name))).containsExactly(State.APPLIED);
  }

  @Test
  void keepsWhatTheLedgerTellsOfEach() {
    Survey survey = new Survey(List.of(), List.of(entry(1, "0001_x.sql", null, "abc")));
    assertThat(survey.states())
        .containsExactly(
            new MigrationState(
                "0001_x.sql", State.MISSING, "2026-01-02", 7L, "ada", "relayctl", "abc", "mark"));
  }

  @Test
  void saysWhatNewerCodeHasApplied() {
    assertThat(survey(2, "0001_x.sql", "0002_x.sql", "0003_x.sql", "0004_x.sql").ahead())
        .containsExactly("0003_x.sql", "0004_x.sql");
    assertThat(survey(0, "0001_x.sql").ahead()).containsExactly("0001_x.sql");
    assertThat(survey(2, "0001_x.sql", "0002_x.sql").ahead()).isEmpty();
  }

  @Test
  void takesNothingForAheadWhenMoreDiffers() {
    assertThat(survey(2, "0001_x.sql", "0003_x.sql").ahead()).as("one is pending").isEmpty();
    assertThat(survey(2, "0001_x.sql", "0002_x.sql", "0002_y.sql").ahead())
        .as("one beside ours")
        .isEmpty();
    assertThat(survey(2, "0001_x.sql", "0002_x.sql", "strange.sql").ahead())
        .as("one without a number")
        .isEmpty();
    List<LedgerEntry> edited =
        List.of(entry(1, "0001_x.sql", "another", null), entry(2, "0002_x.sql"));
    assertThat(new Survey(tables(1), edited).ahead()).as("one was edited").isEmpty();
  }

  @Test
  void findsAFileByItsNameAndByItsNumber() {
    Survey survey = survey(3);
    assertThat(survey.file("2").name()).isEqualTo("0002_x.sql");
    assertThat(survey.file("0003_x.sql").number()).isEqualTo(3);
    assertThatThrownBy(() -> survey.file("4"))
        .isInstanceOfSatisfying(
            OpsException.class, failure -> assertThat(failure.isUsage()).isTrue());
  }

  @Test
  void namesTheCommitThatHasAMissingFileWhereThatIsKnown() {
    Survey known = new Survey(List.of(), List.of(entry(1, "0001_x.sql", null, "abc")));
    assertThatThrownBy(() -> known.requirePrefix(true))
        .isInstanceOfSatisfying(
            OpsException.class,
            failure -> assertThat(failure.remedy()).endsWith("for instance abc."));
    assertThatThrownBy(() -> survey(0, "0001_x.sql").requirePrefix(true))
        .isInstanceOfSatisfying(
            OpsException.class, failure -> assertThat(failure.remedy()).endsWith("has it."));
  }

  @Test
  void letsALateFilePassOnlyInAnyOrder() {
    Survey late = survey(2, "0002_x.sql");
    assertThatCode(() -> late.requirePrefix(true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> late.requirePrefix(false))
        .isInstanceOf(OpsException.class)
        .hasMessageContaining("0001_x.sql is not applied");
  }
}
