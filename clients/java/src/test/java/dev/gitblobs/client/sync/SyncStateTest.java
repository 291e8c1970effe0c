package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncStateTest {
  private static final Hash HASH = new Hash("a".repeat(64));
  private static final Hash OTHER = new Hash("b".repeat(64));

  private final Path folder;
  private final SyncState fresh = SyncState.fresh("https://relay.example.org", "notes", "laptop");

  SyncStateTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void comesBackAsItWasSaved() {
    SyncState state = fresh.seen(5, "e1", 7, HASH).fetching("e1", 7, "8.0.3");
    state.save(folder.resolve("own"));
    assertThat(SyncState.load(folder.resolve("own"))).contains(state);
  }

  @Test
  void isNotThereWhenALossOfPowerEmptiedIt() throws IOException {
    Files.createFile(folder.resolve("relay.json"));
    assertThat(SyncState.load(folder)).isEmpty();
  }

  @Test
  void saysWhatToDoWhenItIsDamaged() throws IOException {
    Files.writeString(folder.resolve("relay.json"), "{\"url\":");
    assertThatThrownBy(() -> SyncState.load(folder))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("remote set");
  }

  @Test
  void doesNotGoBackWithinAnEpoch() {
    SyncState state = fresh.seen(5, "e1", 7, HASH);
    assertThat(state.seen(5, "e1", 6, OTHER)).isEqualTo(state);
    assertThat(state.seen(5, "e2", 6, OTHER).seq()).isEqualTo(6);
  }

  @Test
  void takesTheSameEventForNewsOfItsRef() {
    SyncState state = fresh.seen(5, "e1", 7, HASH);
    assertThat(state.seen(5, "e1", 7, OTHER).head()).isEqualTo(OTHER);
    assertThat(state.fetching("e1", 7, "p").next()).isEqualTo("p");
    assertThat(state.fetching("e1", 6, "p")).isEqualTo(state);
    assertThat(state.fetching("e2", 6, "p").seq()).isEqualTo(6);
    assertThat(state.fetching("e1", 8, "p").head()).isEqualTo(HASH);
  }

  @Test
  void isOfTheSameStoreOnlyWithTheSameNameAtTheSameRelay() {
    assertThat(fresh.isOfSame(SyncState.fresh(fresh.url(), "notes", "phone"))).isTrue();
    assertThat(fresh.isOfSame(SyncState.fresh(fresh.url(), "other", "laptop"))).isFalse();
    assertThat(fresh.isOfSame(SyncState.fresh("https://else", "notes", "laptop"))).isFalse();
  }

  @Test
  void comesBackWithoutWhatIsNotKnownYet() {
    fresh.save(folder);
    assertThat(SyncState.load(folder)).contains(fresh);
    assertThat(SyncState.load(folder.resolve("none"))).isEmpty();
  }

  @Test
  void saysWhatToDoWhenItLacksSomething() throws IOException {
    Files.writeString(folder.resolve("relay.json"), "{\"url\":\"u\",\"store\":\"s\"}");
    assertThatThrownBy(() -> SyncState.load(folder)).hasMessageContaining("no text device");
  }
}
