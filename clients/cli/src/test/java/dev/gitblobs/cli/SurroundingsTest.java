package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lines of docs/surroundings.md: gitblobs in a process whose environment holds nothing else.
 */
class SurroundingsTest {
  private static final String NOBODY = "http://127.0.0.1:9";

  private final Path folder;

  SurroundingsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private record Run(int exit, String output) {}

  /** As under {@code env -i}. */
  private Run run(String home, Map<String, String> environment, String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gitblobs.cli.Main"));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  @Test
  void findsTheHomeThatTheSystemKnows() throws Exception {
    Path home = folder.resolve("home");
    Run run = run(home.toString(), Map.of(), "config", "--global", "author.name", "Ada");
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(home.resolve(".config/gitblobs/config.json")).content().contains("Ada");
  }

  @Test
  void saysWhatToSetWhereThereIsNoHome() throws Exception {
    Run run = run("?", Map.of(), "whoami", NOBODY);
    assertThat(run.output()).contains("set HOME or XDG_CONFIG_HOME");
    assertThat(run.exit()).isEqualTo(1);
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void asksTheProxy() throws Exception {
    Files.writeString(folder.resolve("password"), "secret");
    try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> refuseOnce(proxy));
      Run run =
          run(
              folder.toString(),
              Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.getLocalPort()),
              "login",
              "https://relay.corp.test",
              "--user=ada",
              "--password-file=password");
      assertThat(heard.get(60, TimeUnit.SECONDS)).startsWith("CONNECT relay.corp.test:443");
      assertThat(run.output()).contains("the proxy refused");
      assertThat(run.exit()).isEqualTo(1);
    }
  }

  private static String refuseOnce(ServerSocket proxy) {
    try (Socket client = proxy.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      String first = in.readLine();
      for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {}
      client
          .getOutputStream()
          .write("HTTP/1.1 502 no\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      return first;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysWhichCertificatesCannotBeRead() throws Exception {
    Map<String, String> environment = Map.of("NODE_EXTRA_CA_CERTS", "/nowhere/ca.pem");
    Run run = run(folder.toString(), environment, "whoami", NOBODY);
    assertThat(run.output()).contains("certificates (PEM) from /nowhere/ca.pem");
    assertThat(run.exit()).isEqualTo(1);
    Run option = run(folder.toString(), Map.of(), "whoami", NOBODY, "--ca", "own.pem");
    assertThat(option.output()).contains(folder.resolve("own.pem").toString());
  }

  @Test
  void refusesARelayBehindAPath() throws Exception {
    Run run = run(folder.toString(), Map.of(), "whoami", "https://example.org/relay");
    assertThat(run.output()).contains("not behind a path (/relay)");
    assertThat(run.exit()).isEqualTo(1);
  }
}
