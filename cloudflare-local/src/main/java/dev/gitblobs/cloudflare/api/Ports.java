package dev.gitblobs.cloudflare.api;

import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * Loopback ports for scripts: chosen once, kept as long as nobody else takes them. They lie below
 * those that systems give to outgoing connections (32768 and up on Linux, 49152 and up by RFC
 * 6335), any of which could sit on a script's port for the moment in which the runtime opens it
 * again.
 */
public final class Ports {
  private static final int FIRST = 10_000;
  private static final int END = 32_768;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ports() {}

  /** A free port that no script has. */
  static int free(AccountState state) {
    return RANDOM
        .ints(FIRST, END)
        .filter(port -> state.scripts().values().stream().noneMatch(one -> one.port() == port))
        .filter(Ports::isFree)
        .findFirst()
        .orElseThrow();
  }

  /** Gives those whose port was taken by others another one. Call while none is running. */
  public static void settle(Account account) {
    Identity identity = account.identity();
    if (identity.frontPort() == 0 || !isFree(identity.frontPort())) {
      account.changeIdentity(
          identity.withPorts(identity.apiPort(), identity.providerPort(), free(account.state())));
    }
    for (Script script : account.state().scripts().values()) {
      if (!isFree(script.port())) {
        int port = free(account.state());
        account.update(state -> state.with(script.withPort(port)));
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
