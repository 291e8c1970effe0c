package dev.gitblobs.client.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.gitblobs.client.GitBlobsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authorities of the user's own, and proxies, over real sockets. */
class NetworkTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private @Nullable HttpServer server;

  NetworkTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  /** A server on this machine whose certificate, for this name, nobody knows; it is in ca.pem. */
  private String serve(String name) throws Exception {
    Path store = folder.resolve("server.p12");
    run(
        "keytool -genkeypair -alias server -keyalg EC -dname CN=server -validity 2 -storetype PKCS12"
            + " -ext san="
            + name
            + " -storepass changeit -keystore "
            + store);
    run(
        "keytool -exportcert -rfc -alias server -storepass changeit -keystore "
            + store
            + " -file "
            + folder.resolve("ca.pem"));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer secure =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(context));
    secure.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    secure.start();
    server = secure;
    return "https://127.0.0.1:" + secure.getAddress().getPort() + "/";
  }

  private static void run(String command) throws Exception {
    String home = System.getProperty("java.home") + "/bin/";
    Process process =
        new ProcessBuilder((home + command).split(" "))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }

  private static int get(HttpClient client, String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void saysThatACertificateIsNotTrustedAndWhatToDo() throws Exception {
    String url = serve("ip:127.0.0.1");
    Throwable failure = catchThrowable(() -> get(Network.client(Map.of(), List.of()), url));
    assertThat(NetworkFailure.reason(failure))
        .contains("its certificate is not trusted")
        .contains("--ca FILE");
  }

  @Test
  void trustsAnAuthorityOfTheUsersOwn() throws Exception {
    String url = serve("ip:127.0.0.1");
    Path ca = folder.resolve("ca.pem");
    assertThat(get(Network.client(Map.of(), List.of(ca)), url)).isEqualTo(204);
    for (String name : List.of("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")) {
      Map<String, String> environment = Map.of(name, ca.toString());
      assertThat(get(Network.client(environment, List.of()), url)).as(name).isEqualTo(204);
    }
  }

  @Test
  void doesNotTrustACertificateOfAnotherName() throws Exception {
    String url = serve("dns:other.test");
    HttpClient client = Network.client(Map.of(), List.of(folder.resolve("ca.pem")));
    Throwable failure = catchThrowable(() -> get(client, url));
    assertThat(NetworkFailure.reason(failure)).contains("its certificate is not trusted");
  }

  @Test
  void saysWhichFileHoldsNoCertificates() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    Path none = folder.resolve("none.pem");
    for (Path file : List.of(empty, none)) {
      assertThatThrownBy(() -> Network.client(Map.of(), List.of(file)))
          .isInstanceOf(GitBlobsException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void saysThatNoMachineHasThatNameOrThatNothingListens() throws Exception {
    HttpClient client = Network.client(Map.of(), List.of());
    Throwable unknown = catchThrowable(() -> get(client, "https://relay.invalid/"));
    assertThat(NetworkFailure.reason(unknown)).isEqualTo("no machine has that name");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Throwable refused = catchThrowable(() -> get(client, "http://127.0.0.1:" + port + "/"));
    assertThat(NetworkFailure.reason(refused)).isEqualTo("nothing listens there");
  }

  @Test
  void asksTheProxyThatTheEnvironmentNames() throws Exception {
    try (Proxy proxy = new Proxy("HTTP/1.1 502 no\r\nContent-Length: 0\r\n\r\n")) {
      HttpClient client = Network.client(Map.of("HTTPS_PROXY", proxy.url("")), List.of());
      Throwable failure = catchThrowable(() -> get(client, "https://relay.corp.test/"));
      assertThat(proxy.heard.take()).startsWith("CONNECT relay.corp.test:443");
      assertThat(NetworkFailure.reason(failure)).contains("the proxy refused").contains("502");
    }
  }

  @Test
  void logsInAtAProxyThatWantsIt() throws Exception {
    String wants =
        "HTTP/1.1 407 no\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n";
    try (Proxy proxy = new Proxy(wants, "HTTP/1.1 204 yes\r\n\r\n")) {
      String url = proxy.url("ada:se%40cret@");
      HttpClient client = Network.client(Map.of("HTTP_PROXY", url), List.of());
      assertThat(get(client, "http://relay.corp.test/")).isEqualTo(204);
      assertThat(proxy.heard.take()).doesNotContain("Proxy-Authorization");
      String login =
          Base64.getEncoder().encodeToString("ada:se@cret".getBytes(StandardCharsets.UTF_8));
      assertThat(proxy.heard.take()).contains("Proxy-Authorization: Basic " + login);
    }
  }

  /** Takes requests and gives its answers, one after the other. */
  private static final class Proxy implements AutoCloseable {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final ServerSocket socket;

    Proxy(String... answers) throws IOException {
      socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(() -> serve(answers));
      thread.setDaemon(true);
      thread.start();
    }

    String url(String login) {
      return "http://" + login + "127.0.0.1:" + socket.getLocalPort();
    }

    private void serve(String... answers) {
      int given = 0;
      while (given < answers.length) {
        try (Socket client = socket.accept();
            BufferedReader in =
                new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
          while (given < answers.length && answer(client, in, answers[given])) {
            given++;
          }
        } catch (IOException e) {
          return; // the test is over
        }
      }
    }

    private boolean answer(Socket client, BufferedReader in, String answer) throws IOException {
      StringBuilder head = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.append(line).append('\n');
      }
      if (head.isEmpty()) {
        return false;
      }
      heard.add(head.toString());
      client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      return true;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
