package dev.gitblobs.cloudflare.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The account and its state on disk. Every change is durable before it is seen. */
public final class Account {
  private static final String IDENTITY = "identity.json";
  private static final String STATE = "account.json";
  private static final String MODULES = "modules/";

  private final StateFolder folder;
  private final Clock clock;
  private volatile Identity identity;
  private volatile AccountState state;

  private Account(StateFolder folder, Clock clock, Identity identity, AccountState state) {
    this.folder = folder;
    this.clock = clock;
    this.identity = identity;
    this.state = state;
  }

  /**
   * Opens what the folder holds, or founds a new account in it.
   *
   * @param token the API token to use from now on; empty keeps the old one or makes one
   */
  public static Account open(StateFolder folder, Clock clock, Optional<String> token)
      throws IOException {
    Identity identity =
        folder
            .read(IDENTITY, Identity.class)
            .orElseGet(() -> Identity.fresh(Identity.freshToken()));
    identity = token.isPresent() ? identity.withApiToken(token.get()) : identity;
    AccountState state = folder.read(STATE, AccountState.class).orElseGet(AccountState::empty);
    Account account = new Account(folder, clock, identity, state);
    account.changeIdentity(identity);
    if (state.zones().isEmpty()) {
      Zone zone = new Zone(identity.zoneId(), identity.zoneName(), account.now(), Map.of());
      account.update(s -> s.with(zone));
    }
    return account;
  }

  /** Who the account is, as of now. */
  public Identity identity() {
    return identity;
  }

  /**
   * Replaces the identity, on disk first.
   *
   * @throws UncheckedIOException when the disk refuses; nothing has changed then
   */
  public synchronized void changeIdentity(Identity changed) {
    folder.write(IDENTITY, changed);
    identity = changed;
  }

  /** What the account has, as of now; a later change does not show in it. */
  public AccountState state() {
    return state;
  }

  /** Applies one change; what {@code change} throws leaves everything as it was. */
  public synchronized AccountState update(UnaryOperator<AccountState> change) {
    AccountState changed = change.apply(state);
    folder.write(STATE, changed);
    state = changed;
    return changed;
  }

  /** The time, with the microseconds that Cloudflare tells. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Keeps the bytes of a module and answers their SHA-256, by which they are found again. */
  public String keepModule(byte[] bytes) {
    try {
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      if (!Files.exists(modulePath(hash))) {
        folder.writeBytes(MODULES + hash, bytes);
      }
      return hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException("keeping a module", e);
    }
  }

  /** Where the bytes with this hash are kept; the file is missing if they never were. */
  public Path modulePath(String sha256) {
    return folder.path(MODULES + sha256);
  }
}
