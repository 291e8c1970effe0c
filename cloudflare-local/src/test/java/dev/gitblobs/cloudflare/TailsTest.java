package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TailsTest {
  private static final String SOURCE =
      """
      export default {
        fetch(request) {
          console.log("path", new URL(request.url).pathname);
          if (request.url.endsWith("/throw")) throw new Error("on purpose");
          return new Response();
        },
        scheduled(controller) { console.warn("cron", controller.cron); },
      };
      """;

  private LocalCloudflare cloudflare;

  @BeforeAll
  void start() {
    cloudflare = LocalCloudflare.shared();
    put();
  }

  @Test
  void streamsLogsOfRequestsAndOutlivesADeployment() throws Exception {
    Listener listener = tail("{}");
    cloudflare.text(cloudflare.worker("tailed").resolve("/one"));
    JsonNode event = listener.next();
    assertThat(event.get("scriptName").asText()).isEqualTo("tailed");
    assertThat(event.get("outcome").asText()).isEqualTo("ok");
    assertThat(event.at("/logs/0/message").toString()).isEqualTo("[\"path\",\"/one\"]");
    assertThat(event.at("/event/request/method").asText()).isEqualTo("GET");
    put();
    cloudflare.text(cloudflare.worker("tailed").resolve("/two"));
    assertThat(listener.next().at("/logs/0/message/1").asText()).isEqualTo("/two");
  }

  @Test
  void tellsExceptionsToThoseWhoAskForErrorsOnly() throws Exception {
    Listener listener = tail("{\"filters\":[{\"outcome\":[\"exception\"]}]}");
    cloudflare.text(cloudflare.worker("tailed").resolve("/fine"));
    cloudflare.text(cloudflare.worker("tailed").resolve("/throw"));
    JsonNode event = listener.next();
    assertThat(event.at("/exceptions/0/message").asText()).isEqualTo("on purpose");
  }

  @Test
  void firesACronTriggerWhoseLogsAreStreamed() throws Exception {
    Listener listener = tail("{}");
    cloudflare
        .send("POST", "/local/workers/tailed/scheduled", "{\"cron\":\"17 * * * *\"}")
        .expect(200);
    JsonNode event = listener.next();
    assertThat(event.at("/event/cron").asText()).isEqualTo("17 * * * *");
    assertThat(event.at("/logs/0/message/1").asText()).isEqualTo("17 * * * *");
  }

  @Test
  void endsATailThatIsDeletedAndRefusesAnUnknownOne() throws Exception {
    JsonNode tail = create("{}");
    Listener listener = connect(tail);
    cloudflare.delete(tails() + "/" + tail.get("id").asText()).expect(200);
    assertThat(listener.closed.poll(10, TimeUnit.SECONDS)).isEqualTo(1000);
    assertThatThrownBy(() -> connect(tail)).isInstanceOf(CompletionException.class);
    assertThat(cloudflare.delete(tails() + "/unknown").status()).isEqualTo(404);
  }

  private void put() {
    cloudflare
        .send("PUT", cloudflare.account("/workers/scripts/tailed"), ScriptUpload.of(SOURCE))
        .expect(200);
  }

  private String tails() {
    return cloudflare.account("/workers/scripts/tailed/tails");
  }

  private JsonNode create(String filters) {
    return cloudflare.send("POST", tails(), filters).result();
  }

  private Listener tail(String filters) {
    return connect(create(filters));
  }

  private static Listener connect(JsonNode tail) {
    Listener listener = new Listener();
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .subprotocols("trace-v1")
        .buildAsync(URI.create(tail.get("url").asText()), listener)
        .join();
    return listener;
  }

  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();

    JsonNode next() throws Exception {
      String message = messages.poll(20, TimeUnit.SECONDS);
      return new ObjectMapper().readTree(Objects.requireNonNull(message, "no event came"));
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        messages.add(partial.toString());
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.add(code);
      return null;
    }
  }
}
