package dev.gitblobs.ops.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.gitblobs.ops.cloudflare.ApiClient;
import dev.gitblobs.ops.cloudflare.ApiException;
import dev.gitblobs.ops.cloudflare.D1;
import dev.gitblobs.ops.migrate.SqlDatabase.Statement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run is told of each thing that D1's API answers. */
final class D1DatabaseTest {
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private D1Database database;
  private int status = 200;
  private String answer = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          requests.add(exchange.getRequestURI() + " " + new String(body, StandardCharsets.UTF_8));
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    URI root = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    database = new D1Database(new D1(new ApiClient(root, "token"), "account", "database"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answers(String result) {
    answer = "{\"success\":true,\"result\":" + result + "}";
  }

  private void refuses(int httpStatus, int code) {
    status = httpStatus;
    answer =
        "{\"success\":false,\"errors\":[{\"code\":" + code + ",\"message\":\"its own words\"}]}";
  }

  private void batch() {
    database.batch(List.of(new Statement("SELECT 1")));
  }

  @Test
  void sendsStatementsWithTheirParametersAndReadsTheRowsOfEach() {
    answers("[{\"results\":[{\"a\":1},{\"a\":2}]},{\"results\":[]}]");
    List<Statement> statements =
        List.of(new Statement("SELECT ?", List.of("x")), new Statement("SELECT 2"));
    assertThat(database.batch(statements))
        .extracting(rows -> rows.stream().map(row -> row.path("a").asInt()).toList())
        .containsExactly(List.of(1, 2), List.of());
    assertThat(requests.get(0))
        .contains("{\"sql\":\"SELECT ?\",\"params\":[\"x\"]}")
        .contains("{\"sql\":\"SELECT 2\",\"params\":[]}");
  }

  @Test
  void givesTheDatabasesOwnWordsWhenItRefusesSql() {
    refuses(400, ApiException.SQL_FAILED);
    assertThatThrownBy(this::batch)
        .isInstanceOf(SqlDatabase.Refusal.class)
        .hasMessage("its own words");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503})
  void knowsNothingAfterAFailureOfTheServer(int failure) {
    refuses(failure, 1);
    assertThatThrownBy(this::batch)
        .isInstanceOf(SqlDatabase.Unanswered.class)
        .hasMessageContaining("its own words");
  }

  @Test
  void knowsNothingWithoutAnAnswer() {
    server.stop(0);
    assertThatThrownBy(this::batch).isInstanceOf(SqlDatabase.Unanswered.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 499})
  void blamesNoMigrationForATokenOrADatabaseThatIsWrong(int failure) {
    refuses(failure, 1);
    assertThatThrownBy(this::batch)
        .isInstanceOfSatisfying(
            ApiException.class, refused -> assertThat(refused.status()).isEqualTo(failure));
  }

  @Test
  void readsTheMarkAndGoesBackToOne() {
    answers("{\"bookmark\":\"now\"}");
    assertThat(database.bookmark()).contains("now");
    answers("{\"previous_bookmark\":\"undo\"}");
    assertThat(database.restore("then")).isEqualTo("undo");
    assertThat(requests.get(1)).contains("/time_travel/restore?bookmark=then");
  }

  @Test
  void hasNoMarksWhereTheApiHasNoneAndFailsWhereItRefuses() {
    refuses(404, 1);
    assertThat(database.bookmark()).isEmpty();
    refuses(403, 1);
    assertThatThrownBy(database::bookmark).isInstanceOf(ApiException.class);
    refuses(500, 1);
    assertThatThrownBy(database::bookmark).isInstanceOf(SqlDatabase.Unanswered.class);
  }
}
