package dev.gitblobs.cloudflare.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The account and its state on disk. Every change is durable before it is seen. */
public final class Account {
  private static final String IDENTITY = "identity.json";
  private static final String STATE = "account.json";

  private final StateFiles files;
  private final Modules modules;
  private final Clock clock;
  private volatile Identity identity;
  private volatile AccountState state;

  private Account(StateFiles files, Clock clock, Identity identity, AccountState state) {
    this.files = files;
    this.modules = new Modules(files);
    this.clock = clock;
    this.identity = identity;
    this.state = state;
  }

  /**
   * Opens what the files hold, or founds a new account in them.
   *
   * @param token the API token to use from now on; empty keeps the old one or makes one
   */
  public static Account open(StateFiles files, Clock clock, Optional<String> token)
      throws IOException {
    Identity identity =
        files.read(IDENTITY, Identity.class).orElseGet(() -> Identity.fresh(Identity.freshToken()));
    identity = token.isPresent() ? identity.withApiToken(token.get()) : identity;
    AccountState state = files.read(STATE, AccountState.class).orElseGet(AccountState::empty);
    Account account = new Account(files, clock, identity, state);
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
    files.write(IDENTITY, changed);
    identity = changed;
  }

  /** What the account has, as of now; a later change does not show in it. */
  public AccountState state() {
    return state;
  }

  /** Applies one change; what {@code change} throws leaves everything as it was. */
  public synchronized AccountState update(UnaryOperator<AccountState> change) {
    AccountState changed = change.apply(state);
    files.write(STATE, changed);
    state = changed;
    return changed;
  }

  /** The time, with the microseconds that Cloudflare tells. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** The files of uploads. */
  public Modules modules() {
    return modules;
  }

  /** Deletes modules that nothing refers to any longer, one call later than they were seen so. */
  public void sweep() {
    try {
      modules.sweep(state);
    } catch (IOException e) {
      throw new UncheckedIOException("sweeping modules", e);
    }
  }
}
