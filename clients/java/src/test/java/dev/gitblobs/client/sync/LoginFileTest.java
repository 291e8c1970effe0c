package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.GitBlobsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of logins, and what is made of a file that somebody else wrote. */
class LoginFileTest {
  private static final String URL = "https://relay.example.org";
  private static final Login LOGIN =
      new Login(URL, "ada", "access-1", Instant.ofEpochSecond(1_700_000_000), "refresh-1", false);

  private final Path file;
  private final LoginFile logins;

  LoginFileTest(@TempDir Path folder) {
    file = folder.resolve("login.json");
    logins = new LoginFile(file);
  }

  @Test
  void keepsOneLoginForEachRelay() {
    Login other = new Login("https://other.example", "eve", "a", Instant.EPOCH, "r", false);
    logins.put(LOGIN);
    logins.put(other);
    assertThat(logins.find(URL)).contains(LOGIN);
    assertThat(logins.find(other.url())).contains(other);
    logins.remove(URL);
    assertThat(logins.find(URL)).isEmpty();
    assertThat(logins.find(other.url())).contains(other);
  }

  @Test
  void takesNoLoginWhoseTokensCannotBeSent() {
    for (String token : List.of("a\nb", "a b", "a\u200bb", "\ufeffa")) {
      logins.put(new Login(URL, "ada", token, Instant.EPOCH, "refresh-1", false));
      assertThat(logins.find(URL)).isEmpty();
      logins.put(new Login(URL, "ada", "access-1", Instant.EPOCH, token, false));
      assertThat(logins.find(URL)).isEmpty();
    }
  }

  @Test
  void writesNothingToForgetALoginThatIsNotThere() {
    logins.remove(URL);
    assertThat(file).doesNotExist();
    assertThat(logins.find(URL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"x\"",
        "{\"refresh_token\":\"r\",\"expires_at\":\"2026-01-01T00:00:00Z\"}",
        "{\"access_token\":\"a\",\"expires_at\":\"2026-01-01T00:00:00Z\"}",
        "{\"access_token\":\"a\",\"refresh_token\":\"r\"}"
      })
  void knowsNoLoginThatLacksSomething(String entry) throws IOException {
    Files.writeString(file, "{\"" + URL + "\":" + entry + "}");
    assertThat(logins.find(URL)).isEmpty();
  }

  @Test
  void saysWhatToDoWithAFileThatIsDamaged() throws IOException {
    Files.writeString(file, "{");
    assertThatThrownBy(() -> logins.find(URL))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("Log in again after removing it");
  }

  @Test
  void saysWhichFileCannotBeWritten() throws IOException {
    Path folder = Files.writeString(file, "{}");
    LoginFile below = new LoginFile(folder.resolve("login.json"));
    assertThatThrownBy(() -> below.put(LOGIN))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("Tried to write the logins");
  }

  @Test
  void takesATimeThatCannotBeReadForOneThatIsOver() throws IOException {
    Files.writeString(
        file,
        "{\"" + URL + "\":{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_at\":\"?\"}}");
    assertThat(logins.find(URL).orElseThrow().expiresAt()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void letsOneRenewAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> turns = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        LoginFile own = new LoginFile(file);
        turns.add(
            threads.submit(
                () ->
                    own.exclusively(
                        () -> {
                          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                          return inside.decrementAndGet();
                        })));
      }
      for (Future<Integer> turn : turns) {
        assertThat(turn.get()).isZero();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void renewsNothingWhereNothingCouldBeKept() throws IOException {
    LoginFile below = new LoginFile(Files.writeString(file, "{}").resolve("login.json"));
    assertThatThrownBy(
            () ->
                below.exclusively(
                    () -> {
                      throw new AssertionError("it began");
                    }))
        .isInstanceOf(GitBlobsException.class)
        .hasMessageContaining("nothing can be written there");
  }
}
