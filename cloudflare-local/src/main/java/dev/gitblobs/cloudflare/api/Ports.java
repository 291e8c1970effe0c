package dev.gitblobs.cloudflare.api;

import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.AccountState;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Loopback ports for scripts: chosen once, kept as long as nobody else takes them. */
public final class Ports {
  private Ports() {}

  /** A free port that no script has. */
  static int free(AccountState state) {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int port = socket.getLocalPort();
        if (state.scripts().values().stream().noneMatch(script -> script.port() == port)) {
          return port;
        }
      } catch (IOException e) {
        throw new UncheckedIOException("no free port on loopback", e);
      }
    }
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
