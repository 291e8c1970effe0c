package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.network.Network;
import dev.gitblobs.client.sync.LoginFile;
import dev.gitblobs.client.sync.RelayAccount;
import dev.gitblobs.client.sync.SyncProgress;
import dev.gitblobs.client.sync.SyncState;
import dev.gitblobs.client.sync.Syncer;
import dev.gitblobs.client.sync.WebSocketRelay;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The relay a command works with, and the login there. */
final class RelayAccess {
  private final Gitblobs root;

  RelayAccess(Gitblobs root) {
    this.root = root;
  }

  /** The account at this address. */
  RelayAccount account(String url) {
    LoginFile logins = new LoginFile(Settings.userFolder(root.terminal()).resolve("login.json"));
    HttpClient http = Network.client(root.terminal().environment(), root.authorities());
    return new RelayAccount(http, url, logins, root.terminal().clock());
  }

  /** The address given, else the store's, else the environment's. */
  String url(@Nullable String given) {
    if (given != null) {
      return given;
    }
    Optional<String> ofStore =
        root.isStoreThere()
            ? SyncState.load(root.repository().store().ownFolder()).map(SyncState::url)
            : Optional.empty();
    return ofStore
        .or(
            () ->
                Optional.of(root.terminal().variable("GITBLOBS_RELAY"))
                    .filter(url -> !url.isEmpty()))
        .orElseThrow(
            () ->
                new FailedException(
                    "Say the relay's URL: as an argument, in $GITBLOBS_RELAY, or once and for all"
                        + " with `gitblobs remote set URL NAME`."));
  }

  /** What the store remembers of its relay. */
  SyncState state(Repository repository) {
    return SyncState.load(repository.store().ownFolder())
        .orElseThrow(
            () ->
                new FailedException(
                    "This store has no relay. Say `gitblobs remote set URL NAME` first."));
  }

  /** A name for this copy of a store; no two copies may have the same. */
  String newDevice() {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    return "cli-" + HexFormat.of().formatHex(random);
  }

  Syncer syncer(
      Repository repository,
      SyncState state,
      SyncProgress progress,
      ConflictResolver resolver,
      UnrelatedPolicy unrelated,
      Syncer.Making making) {
    return new Syncer(
        repository,
        new WebSocketRelay(account(state.url())),
        state,
        progress,
        resolver,
        unrelated,
        making);
  }
}
