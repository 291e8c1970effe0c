package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresCommandTest {
  private static final String LOGIN =
      "{\"access_token\":\"t\",\"expires_in\":900,\"refresh_token\":\"r\","
          + "\"user\":{\"username\":\"ada\"}}";
  private static final String STORES =
      "{\"stores\":[{\"id\":7,\"name\":\"notes\",\"head\":null,\"objects\":3,\"bytes\":12345,"
          + "\"created_at\":1,\"kept_until\":1700000000000}]}";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CommandRun user;
  private final HttpServer relay;
  private final String url;

  StoresCommandTest(@TempDir Path folder) throws IOException {
    user = new CommandRun(folder);
    relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = "http://127.0.0.1:" + relay.getAddress().getPort();
  }

  @BeforeEach
  void login() {
    relay.createContext("/", this::answer);
    relay.start();
    CommandRun.Result result = user.runWithInput("secret\n", "login", url, "--user", "ada");
    assertThat(result.exit()).as(result.err()).isZero();
  }

  @AfterEach
  void stop() {
    relay.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    requests.add(exchange.getRequestMethod() + " " + path);
    exchange.getRequestBody().readAllBytes();
    boolean isRemoval = exchange.getRequestMethod().equals("DELETE");
    byte[] body = (path.equals("/login") ? LOGIN : STORES).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(isRemoval ? 204 : 200, isRemoval ? -1 : body.length);
    if (!isRemoval) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Test
  void listsWhatTheRelayHolds() {
    assertThat(user.ok("stores", url).out())
        .isEqualTo("notes  3 objects, 12,345 bytes, kept until 2023-11-14T22:13:20Z\n");
    Json.Arr stores = (Json.Arr) JsonReader.read(user.ok("stores", url, "--json").out());
    assertThat(((Json.Obj) stores.items().get(0)).text("name")).contains("notes");
  }

  @Test
  void removesTheVeryStoreThatWasListed() {
    assertThat(user.ok("stores", url, "--remove", "notes").out()).contains("Removed notes");
    assertThat(requests).endsWith("GET /stores", "DELETE /stores/notes?id=7");
  }

  @Test
  void removesNothingThatIsNotThere() {
    assertThat(user.run("stores", url, "--remove", "other").err()).contains("no store other");
    assertThat(user.run("stores", url, "--remove", "../x").exit()).isEqualTo(1);
    assertThat(requests).noneMatch(request -> request.startsWith("DELETE"));
  }
}
