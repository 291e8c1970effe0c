package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import dev.gitblobs.protocol.Verdict.Call;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
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
  public RelayConnection connect(String store, @Nullable Long id) {
    try {
      return open(store, id);
    } catch (ConnectionLostException e) {
      if (e.then() != AfterClose.REFRESH) {
        throw e;
      }
      freshToken();
      return open(store, id);
    }
  }

  @Override
  public MadeStore make(String store) {
    return account.makeStore(store);
  }

  @Override
  public String freshToken() {
    token = account.accessTokenOtherThan(token);
    return token;
  }

  private RelayConnection open(String store, @Nullable Long id) {
    String which = "/ws?store=" + store + (id == null ? "" : "&id=" + id);
    URI uri = URI.create(account.url().replaceFirst("^http", "ws") + which);
    WebSocketListener listener = new WebSocketListener();
    token = account.accessToken();
    try {
      WebSocket socket =
          account
              .http()
              .client()
              .newWebSocketBuilder()
              .connectTimeout(PATIENCE)
              .header("Authorization", "Bearer " + token)
              .buildAsync(uri, listener)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return new WebSocketConnection(socket, listener);
    } catch (ExecutionException e) {
      throw refused(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new ConnectionLostException(
          "The relay at " + account.url() + " does not answer.", AfterClose.RECONNECT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("Interrupted.", AfterClose.STOP, e);
    }
  }

  /** A refusal before the upgrade (PROTOCOL.md 4), by the relay or by what stands in between. */
  private ConnectionLostException refused(Throwable cause) {
    if (!(cause instanceof WebSocketHandshakeException handshake)) {
      return account.http().unreachable(cause);
    }
    HttpResponse<?> response = handshake.getResponse();
    byte[] body =
        response.body() instanceof String text
            ? text.getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    return RelayProblem.of(
            Call.UPGRADE, response.statusCode(), response.headers(), body, account.clock())
        .toException("connect", account.url());
  }
}
