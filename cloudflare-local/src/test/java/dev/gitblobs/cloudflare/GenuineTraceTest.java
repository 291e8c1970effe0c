package dev.gitblobs.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import dev.gitblobs.cloudflare.testing.LocalCloudflare;
import dev.gitblobs.cloudflare.testing.LocalCloudflare.Answer;
import dev.gitblobs.cloudflare.testing.ScriptUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the genuine Pulumi provider sent, from the first up to destroy, is answered as it was when
 * it was recorded: status, members, their types, and all values but ids, times and checksums.
 */
@Tag("full")
class GenuineTraceTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern CHANCE =
      Pattern.compile(
          "[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
              + "|20\\d\\d-\\d\\d-\\d\\dT.*Z");
  private static final List<String> MEASURED =
      List.of("startup_time_ms", "file_size", "result_info", "total_count");

  /** From what was recorded to what stands for it here. */
  private final Map<String, String> here = new LinkedHashMap<>();

  private final List<String> differences = new ArrayList<>();

  @Test
  void answersEveryRecordedCallAsItWasAnswered(@TempDir Path state) throws Exception {
    int calls = 0;
    try (LocalCloudflare cloudflare = LocalCloudflare.start(state)) {
      for (JsonNode call : recorded()) {
        String method = call.get("m").asText();
        if (!method.startsWith("===")) {
          replay(cloudflare, method, call);
          calls++;
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(calls).isEqualTo(57);
  }

  private static List<JsonNode> recorded() throws Exception {
    var file = GenuineTraceTest.class.getResource("/genuine-provider/calls.jsonl");
    List<JsonNode> calls = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(file.toURI()))) {
      calls.add(MAPPER.readTree(line));
    }
    return calls;
  }

  private void replay(LocalCloudflare cloudflare, String method, JsonNode call) throws IOException {
    String recordedPath = call.get("p").asText().replaceFirst("^/client/v4", "");
    learnPlace(cloudflare, recordedPath);
    String path = translated(recordedPath);
    String what = method + " " + recordedPath;
    Answer answer = send(cloudflare, method, path, call);
    if (answer.status() != call.get("st").asInt()) {
      differences.add(what + ": " + answer.status() + " " + answer.response().body());
      return;
    }
    JsonNode recorded = call.get("resp");
    // Scripts of others are no part of the trace, and modules were recorded by their size alone.
    if (recorded.isObject() && !recordedPath.endsWith("/workers/scripts")) {
      compare(what, recorded, answer.body());
    }
  }

  private void learnPlace(LocalCloudflare cloudflare, String path) {
    String[] parts = path.split("/", 4);
    here.put(parts[2], parts[1].equals("zones") ? cloudflare.zoneId() : cloudflare.accountId());
  }

  private Answer send(LocalCloudflare cloudflare, String method, String path, JsonNode call)
      throws IOException {
    JsonNode body = call.get("body");
    if (call.get("ct").asText().startsWith("multipart")) {
      String metadata = translated(body.get(1).get(1).asText());
      ScriptUpload upload =
          ScriptUpload.of(
              "import { DurableObject } from 'cloudflare:workers';\n"
                  + "export class StoreHub extends DurableObject {}\n"
                  + "export default { fetch: () => new Response(), scheduled() {} };\n//"
                  + body.get(0).get(1).asText());
      upload.metadata().removeAll();
      upload
          .metadata()
          .setAll((com.fasterxml.jackson.databind.node.ObjectNode) MAPPER.readTree(metadata));
      return cloudflare.send(method, path, upload);
    }
    if (method.equals("GET") || method.equals("DELETE")) {
      return method.equals("GET") ? cloudflare.get(path) : cloudflare.delete(path);
    }
    return cloudflare.send(method, path, translated(body.toString()));
  }

  private String translated(String text) {
    String translated = text;
    for (Map.Entry<String, String> entry : here.entrySet()) {
      translated = translated.replace(entry.getKey(), entry.getValue());
    }
    return translated;
  }

  private void compare(String place, JsonNode recorded, JsonNode live) {
    if (recorded.getNodeType() != live.getNodeType()) {
      differences.add(place + ": " + recorded + " became " + live);
    } else if (recorded.isObject()) {
      for (Map.Entry<String, JsonNode> member : recorded.properties()) {
        if (!MEASURED.contains(member.getKey())) {
          compare(place + "." + member.getKey(), member.getValue(), live.path(member.getKey()));
        }
      }
    } else if (recorded.isArray()) {
      if (recorded.size() != live.size()) {
        differences.add(place + ": " + recorded + " became " + live);
      }
      Iterator<JsonNode> others = live.iterator();
      for (JsonNode item : recorded) {
        compare(place + "[]", item, others.hasNext() ? others.next() : MAPPER.missingNode());
      }
    } else if (recorded.getNodeType() == JsonNodeType.STRING
        && CHANCE.matcher(recorded.asText()).matches()) {
      if (recorded.asText().length() < 40 && !recorded.asText().contains("T")) {
        here.put(recorded.asText(), live.asText());
      }
    } else if (!recorded.equals(live)) {
      differences.add(place + ": " + recorded + " became " + live);
    }
  }
}
