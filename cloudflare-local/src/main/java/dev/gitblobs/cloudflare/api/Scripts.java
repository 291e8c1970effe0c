package dev.gitblobs.cloudflare.api;

import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Script;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.runtime.RuntimeFailure;
import dev.gitblobs.cloudflare.runtime.ScriptRunner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The one way to change a script: alone, and onto what is there. Changes of one script come one
 * after the other; scripts do not wait for each other.
 */
final class Scripts {
  private final Account account;
  private final ScriptRunner runner;
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  Scripts(Account account, ScriptRunner runner) {
    this.account = account;
    this.runner = runner;
  }

  /** The script of that name in this state, or Cloudflare's error 10007. */
  static Script require(AccountState state, String name) {
    return state
        .script(name)
        .orElseThrow(
            () -> ApiException.notFound(10007, "This Worker does not exist on your account."));
  }

  /** Works while nobody else changes the script. */
  <T> T alone(String name, Supplier<T> work) {
    synchronized (locks.computeIfAbsent(name, key -> new Object())) {
      return work.get();
    }
  }

  /** Changes what the runtime need not know. */
  Script change(String name, UnaryOperator<Script> change) {
    return change(name, change, after -> {});
  }

  /**
   * The same, unless the account refuses what it would become.
   *
   * @param check throws what the caller is told
   */
  Script change(
      String name, UnaryOperator<Script> change, java.util.function.Consumer<AccountState> check) {
    return alone(
        name,
        () ->
            Scripts.require(
                account.update(
                    state -> {
                      AccountState after = state.with(change.apply(require(state, name)));
                      check.accept(after);
                      return after;
                    }),
                name));
  }

  /**
   * Changes a script, and the runtime with it. When it does not start, the script is put back and
   * nothing else: what others changed meanwhile stays.
   *
   * @param change from the account to the account, called with the script's lock held
   * @throws RuntimeFailure with why it did not start
   */
  AccountState publish(String name, UnaryOperator<AccountState> change) {
    return alone(
        name,
        () ->
            follow(
                change,
                (before, now) ->
                    before.script(name).map(now::with).orElseGet(() -> now.withoutScript(name))));
  }

  /**
   * Changes the account, and the runtime with it.
   *
   * @param undo from the account before and the account now, when the runtime does not start
   */
  AccountState follow(
      UnaryOperator<AccountState> change,
      BiFunction<AccountState, AccountState, AccountState> undo) {
    AccountState[] before = new AccountState[1];
    AccountState after =
        account.update(
            state -> {
              before[0] = state;
              return change.apply(state);
            });
    try {
      runner.apply();
      return after;
    } catch (RuntimeFailure e) {
      account.update(now -> undo.apply(before[0], now));
      runner.apply();
      throw e;
    }
  }
}
