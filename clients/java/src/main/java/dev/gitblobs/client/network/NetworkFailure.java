package dev.gitblobs.client.network;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why nobody answered, by its cause and not by a guess. */
public final class NetworkFailure {
  private NetworkFailure() {}

  /** The reason, for people, and what can be done about it; without a full stop. */
  public static String reason(Throwable failure) {
    if (has(failure, UnresolvedAddressException.class)
        || has(failure, UnknownHostException.class)) {
      return "no machine has that name";
    }
    if (has(failure, SSLException.class)) {
      return has(failure, GeneralSecurityException.class)
          ? "its certificate is not trusted: "
              + message(failure)
              + ". Where it is of a private authority, name that with --ca FILE or"
              + " NODE_EXTRA_CA_CERTS"
          : "no safe connection came about: " + message(failure);
    }
    if (has(failure, HttpTimeoutException.class)) {
      return "it does not answer";
    }
    if (has(failure, NoRouteToHostException.class)) {
      return "there is no way to that machine";
    }
    String message = message(failure);
    if (message.contains("Tunnel failed")) {
      return "the proxy refused: " + message;
    }
    if (has(failure, ConnectException.class)) {
      return "nothing listens there";
    }
    return message;
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
      if (kind.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() || !(failure instanceof IOException)
        ? failure.getClass().getSimpleName()
        : message.replaceFirst("\\.$", "");
  }
}
