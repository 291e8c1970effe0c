package dev.gitblobs.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.protocol.CloseCode.AfterClose;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection makes of a relay that is silent: one that is gone, one that is only busy. */
final class WebSocketConnectionTest {
  private static final Duration SILENCE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMillis(600);

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void givesUpARelayThatAnswersNoPing() {
    start(() -> accept(false));
    try (WebSocketConnection connection = connect()) {
      assertThatThrownBy(() -> connection.receive(PATIENCE))
          .isInstanceOfSatisfying(
              ConnectionLostException.class,
              lost -> assertThat(lost.then()).isEqualTo(AfterClose.RECONNECT))
          .hasMessageContaining("does not answer");
    }
  }

  @Test
  void waitsForARelayThatAnswersPingsAndNothingElse() {
    start(() -> accept(true));
    try (WebSocketConnection connection = connect()) {
      assertThat(connection.receive(PATIENCE)).isEmpty();
    }
  }

  private WebSocketConnection connect() {
    WebSocketListener listener = new WebSocketListener();
    URI uri = URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/ws");
    return new WebSocketConnection(
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, listener).join(),
        listener,
        SILENCE);
  }

  private static void start(Runnable relay) {
    Thread thread = new Thread(relay, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  /** Upgrades one connection and reads it to its end; answers each frame by a pong, or not. */
  private void accept(boolean answers) {
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      out.write(upgrade(in).getBytes(StandardCharsets.US_ASCII));
      byte[] pong = "pong:e1:0".getBytes(StandardCharsets.US_ASCII);
      byte[] buffer = new byte[64];
      while (in.read(buffer) > 0) {
        if (answers) {
          out.write(new byte[] {(byte) 0x81, (byte) pong.length});
          out.write(pong);
        }
      }
    } catch (IOException e) {
      // the client has gone, as it should
    }
  }

  /** The answer to an upgrade (RFC 6455, 4.2.2). */
  private static String upgrade(InputStream in) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII), 1);
    String key = "";
    for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
        key = line.substring(line.indexOf(':') + 1).strip();
      }
    }
    String accept = Base64.getEncoder().encodeToString(sha1(key));
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept
        + "\r\n\r\n";
  }

  private static byte[] sha1(String key) {
    try {
      return MessageDigest.getInstance("SHA-1")
          .digest(
              (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
