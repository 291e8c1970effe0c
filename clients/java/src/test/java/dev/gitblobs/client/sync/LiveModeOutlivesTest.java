package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.sync.Impostor.Answer;
import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live mode through something that answers in the relay's place with one thing after the other. */
class LiveModeOutlivesTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private final Impostor impostor = new Impostor();
  private final Devices devices;
  private final LoginFile logins;
  private final Repository repository;

  LiveModeOutlivesTest(@TempDir Path folder) throws IOException {
    devices = new Devices(folder);
    logins = new LoginFile(folder.resolve("login.json"));
    repository = devices.device("a");
    Devices.put(repository, "f", "1");
  }

  @AfterEach
  void close() {
    impostor.close();
  }

  /** Everything that nobody may end a watch with: not now, and not the relay's. */
  private static Deque<Answer> notNow() throws IOException {
    Deque<Answer> answers = new ArrayDeque<>();
    VerdictsTest.answers()
        .filter(one -> one.at("refresh").afterClose() == AfterClose.RECONNECT)
        .filter(one -> one.at("upgrade").afterClose() == AfterClose.RECONNECT)
        .map(VerdictsTest.Case::answer)
        .forEach(answers::add);
    return answers;
  }

  private Syncer syncer(Relay relay) {
    return new Syncer(
        repository,
        relay,
        Devices.state(repository),
        SyncProgress.SILENT,
        ConflictResolver.NONE,
        UnrelatedPolicy.REFUSE,
        Syncer.Making.NEVER,
        devices);
  }

  private WebSocketRelay sockets(Instant until) {
    logins.put(new Login(impostor.url(), "ada", "a1", until, "r1", false));
    return new WebSocketRelay(
        new RelayAccount(HttpClient.newHttpClient(), impostor.url(), logins, () -> NOW, devices));
  }

  @Test
  void everyAnswerToTheUpgradeThatOnlySaysNotNow() throws Exception {
    Deque<Answer> answers = notNow();
    int count = answers.size();
    AtomicInteger given = new AtomicInteger();
    WebSocketRelay sockets = sockets(NOW.plusSeconds(900));
    Relay relay =
        new OneAfterTheOther(
            () -> {
              Answer answer = answers.poll();
              if (answer == null) {
                return devices.relay.connect("notes", null);
              }
              given.incrementAndGet();
              impostor.answers.put("/ws", answer);
              return sockets.connect("notes", null);
            });
    try (LiveDevice live = new LiveDevice(syncer(relay), repository, outcome -> true)) {
      live.await();
    }
    assertThat(given).hasValue(count).hasValueGreaterThan(80);
    assertThat(devices.relay.head()).isEqualTo(repository.store().head().orElseThrow().hex());
    assertThat(logins.find(impostor.url())).isPresent();
  }

  @Test
  void everyAnswerToARefreshThatOnlySaysNotNow() throws Exception {
    Deque<Answer> answers = notNow();
    WebSocketRelay sockets = sockets(NOW);
    Relay relay =
        new OneAfterTheOther(
            () -> {
              Answer answer = answers.poll();
              if (answer == null) {
                return devices.relay.connect("notes", null);
              }
              impostor.answers.put("/refresh", answer.after("1"));
              return sockets.connect("notes", null);
            });
    try (LiveDevice live = new LiveDevice(syncer(relay), repository, outcome -> true)) {
      live.await();
    }
    assertThat(devices.relay.head()).isEqualTo(repository.store().head().orElseThrow().hex());
    assertThat(logins.find(impostor.url()).orElseThrow().refreshToken()).isEqualTo("r1");
    assertThat(devices.waited).contains(Duration.ofSeconds(1));
  }

  /** A relay that is reached in another way each time. */
  private record OneAfterTheOther(java.util.function.Supplier<RelayConnection> next)
      implements Relay {
    @Override
    public RelayConnection connect(String store, @Nullable Long id) {
      return next.get();
    }

    @Override
    public MadeStore make(String store) {
      throw new AssertionError("nobody asked for it");
    }

    @Override
    public String freshToken() {
      throw new AssertionError("nobody asked for it");
    }
  }
}
