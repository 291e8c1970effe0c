package dev.gitblobs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.e2e.Launcher.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page that the relay serves, in a real Chromium: one more device of a user. */
final class Page {
  private final Launcher launcher;
  private final Map<String, Object> login;

  Page(Launcher launcher, String url, String user, String password) {
    this.launcher = launcher;
    this.login = Map.of("url", url, "user", user, "password", password);
  }

  /** What one visit to a store is to do. */
  record Visit(String store, List<NewFile> writes) {
    static Visit reading(String store) {
      return new Visit(store, List.of());
    }

    static Visit writing(String store, String path, String text) {
      return new Visit(store, List.of(new NewFile(path, text)));
    }
  }

  /** A text file to make in the page. */
  record NewFile(String path, String text) {}

  /**
   * What the page showed of a store once it said that it is up to date.
   *
   * @param head the beginning of the newest commit's hash
   */
  record Sight(String store, String head, List<String> files) {}

  /** Opens the page in a fresh browser, logs in and visits the stores in turn. */
  List<Sight> visit(List<Visit> visits) {
    List<Map<String, Object>> wanted = new ArrayList<>();
    for (Visit visit : visits) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("store", visit.store());
      visit
          .writes()
          .forEach(file -> one.put("write", Map.of("path", file.path(), "text", file.text())));
      wanted.add(one);
    }
    Map<String, Object> work = new LinkedHashMap<>(login);
    work.put("visits", wanted);
    try {
      Run run =
          launcher.run(
              Launcher.JSON.writeValueAsString(work),
              List.of(
                  launcher.root().resolve("node_modules/.bin/node").toString(),
                  launcher.root().resolve("e2e/browser/third-device.mjs").toString()));
      assertThat(run.exit()).as(run.all()).isZero();
      List<Sight> seen = new ArrayList<>();
      for (JsonNode sight : run.json()) {
        List<String> files = new ArrayList<>();
        sight.path("files").forEach(file -> files.add(file.asText()));
        seen.add(new Sight(sight.path("store").asText(), sight.path("head").asText(), files));
      }
      return seen;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
