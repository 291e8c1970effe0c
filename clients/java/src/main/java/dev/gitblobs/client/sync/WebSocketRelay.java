package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A relay reached over the network, as the account that is logged in there. */
public final class WebSocketRelay implements Relay {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RelayAccount account;

  /** Of the last connection; empty before the first. */
  private String token = "";

  /** The relay of this account. */
  public WebSocketRelay(RelayAccount account) {
    this.account = account;
  }

  @Override
  public RelayConnection connect(String store) {
    try {
      return open(store);
    } catch (ConnectionLostException e) {
      if (e.then() != AfterClose.REFRESH) {
        throw e;
      }
      freshToken();
      return open(store);
    }
  }

  @Override
  public String freshToken() {
    token = account.accessTokenOtherThan(token);
    return token;
  }

  private RelayConnection open(String store) {
    URI uri = URI.create(account.url().replaceFirst("^http", "ws") + "/ws?store=" + store);
    WebSocketListener listener = new WebSocketListener();
    token = account.accessToken();
    try {
      WebSocket socket =
          account
              .http()
              .newWebSocketBuilder()
              .connectTimeout(PATIENCE)
              .header("Authorization", "Bearer " + token)
              .buildAsync(uri, listener)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return new WebSocketConnection(socket, listener);
    } catch (ExecutionException e) {
      throw refused(e.getCause());
    } catch (TimeoutException e) {
      throw new ConnectionLostException(
          "The relay at " + account.url() + " does not answer.", AfterClose.RECONNECT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("Interrupted.", AfterClose.STOP, e);
    }
  }

  /** A refusal before the upgrade (PROTOCOL.md 4). */
  private ConnectionLostException refused(@Nullable Throwable cause) {
    if (cause instanceof WebSocketHandshakeException handshake) {
      int status = handshake.getResponse().statusCode();
      AfterClose then =
          switch (status) {
            case 401 -> AfterClose.REFRESH;
            case 429, 500, 502, 503, 504 -> AfterClose.RECONNECT;
            default -> AfterClose.STOP;
          };
      return new ConnectionLostException(
          "The relay at " + account.url() + " refused the connection: " + meaning(status) + ".",
          then,
          cause);
    }
    String reason = cause instanceof IOException ? cause.getClass().getSimpleName() : "" + cause;
    return new ConnectionLostException(
        "Tried to reach " + account.url() + " but failed: " + reason + ". Is the relay running?",
        AfterClose.RECONNECT,
        cause);
  }

  private static String meaning(int status) {
    return switch (status) {
      case 400 -> "the store's name is not allowed";
      case 401 -> "the login is not accepted";
      case 403 ->
          "the account is disabled, or its one-time password must be changed first (`gitblobs"
              + " passwd`)";
      case 409 -> "the account has as many stores as it may have";
      case 426 -> "it speaks another protocol";
      case 429 -> "too many requests or connections";
      case 503 -> "it cannot reach its database";
      default -> "status " + status;
    };
  }
}
