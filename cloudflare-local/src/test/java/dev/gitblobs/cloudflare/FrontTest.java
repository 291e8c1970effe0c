package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Routes and custom domains on the front port, by host name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontTest {
  private LocalCloudflare cloudflare;

  @BeforeAll
  void start() {
    cloudflare = LocalCloudflare.shared();
    for (String name : new String[] {"a", "b"}) {
      ScriptUpload upload =
          ScriptUpload.of(
              "export default { fetch: (r) => new Response('"
                  + name
                  + " ' + new URL(r.url).host) };");
      cloudflare.send("PUT", cloudflare.account("/workers/scripts/" + name), upload).expect(200);
    }
  }

  @Test
  void answersByHostNameAndPathMostSpecificFirst() throws IOException {
    route("routes.relay.test/*", "\"a\"").expect(200);
    route("routes.relay.test/api/*", "\"b\"").expect(200);
    route("routes.relay.test/api/none/*", "null").expect(200);
    assertThat(front("routes.relay.test", "/")).isEqualTo("a routes.relay.test");
    assertThat(front("routes.relay.test", "/api/x")).isEqualTo("b routes.relay.test");
    assertThat(front("routes.relay.test", "/api/none/x")).startsWith("No Worker answers");
    assertThat(front("elsewhere.relay.test", "/")).startsWith("No Worker answers");
  }

  @Test
  void takesAWildcardForAnySubdomain() throws IOException {
    route("*.wild.relay.test/*", "\"a\"").expect(200);
    assertThat(front("x.y.wild.relay.test", "/")).isEqualTo("a x.y.wild.relay.test");
    assertThat(front("xwild-relay.test", "/")).startsWith("No Worker answers");
  }

  @Test
  void answersForACustomDomainUntilItIsDeleted() throws IOException {
    String path = cloudflare.account("/workers/domains");
    JsonNode domain =
        cloudflare
            .send(
                "PUT",
                path,
                "{\"hostname\":\"custom.relay.test\",\"service\":\"b\",\"environment\":\"production\","
                    + "\"zone_id\":\""
                    + cloudflare.zoneId()
                    + "\"}")
            .result();
    assertThat(domain.get("zone_name").asText()).isEqualTo("relay.test");
    assertThat(front("custom.relay.test", "/")).isEqualTo("b custom.relay.test");
    String one = path + "/" + domain.get("id").asText();
    assertThat(cloudflare.get(one).result()).isEqualTo(domain);
    cloudflare.delete(one).expect(200);
    assertThat(front("custom.relay.test", "/")).startsWith("No Worker answers");
    assertThat(cloudflare.get(one).status()).isEqualTo(404);
  }

  @Test
  void refusesACustomDomainOutsideItsZones() {
    Answer refused =
        cloudflare.send(
            "PUT",
            cloudflare.account("/workers/domains"),
            "{\"hostname\":\"example.com\",\"service\":\"a\"}");
    assertThat(refused.status()).isEqualTo(400);
  }

  @Test
  void takesNoCompressionOfSockets() throws IOException {
    ScriptUpload upload =
        ScriptUpload.of(
            "export default { fetch() { const { 0: c, 1: s } = new WebSocketPair(); s.accept();"
                + " return new Response(null, { status: 101, webSocket: c }); } };");
    cloudflare.send("PUT", cloudflare.account("/workers/scripts/sockets"), upload).expect(200);
    route("sockets.relay.test/*", "\"sockets\"").expect(200);
    URI url = URI.create(cloudflare.get("/local/workers/a").result().get("front_url").asText());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String request =
          String.join(
              "\r\n",
              "GET / HTTP/1.1",
              "Host: sockets.relay.test",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
              "Sec-WebSocket-Extensions: permessage-deflate",
              "",
              "");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      List<String> head = reader.lines().takeWhile(line -> !line.isEmpty()).toList();
      assertThat(head).first().asString().contains("101");
      assertThat(head).noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("extensions"));
    }
  }

  private Answer route(String pattern, String script) {
    return cloudflare.send(
        "POST",
        cloudflare.zone("/workers/routes"),
        "{\"pattern\":\"" + pattern + "\",\"script\":" + script + "}");
  }

  /** The body; the JDK's client does not let a test choose the Host. */
  private String front(String host, String path) throws IOException {
    URI url = URI.create(cloudflare.get("/local/workers/a").result().get("front_url").asText());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  new java.io.ByteArrayInputStream(response.getBytes(StandardCharsets.UTF_8)),
                  StandardCharsets.UTF_8))) {
        return lines.lines().dropWhile(line -> !line.isEmpty()).skip(1).findFirst().orElse("");
      }
    }
  }
}
