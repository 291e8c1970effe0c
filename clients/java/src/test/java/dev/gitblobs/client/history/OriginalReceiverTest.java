package dev.gitblobs.client.history;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.GoldenData;
import dev.gitblobs.client.Repositories;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.pack.PackReader;
import dev.gitblobs.client.pack.Packer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write, read by the original's rules; and those rules held against its golden data. */
class OriginalReceiverTest {
  private final Path folder;

  OriginalReceiverTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static Repository repository(Graph graph) {
    return Repositories.of(graph.store, new Author("", "", InstantSource.system()));
  }

  /** A history of a golden file: names to the names of their parents. */
  private Graph graph(String name, Json.Obj parents) {
    Graph graph = new Graph(folder.resolve(name));
    parents
        .members()
        .forEach(
            (commit, of) ->
                graph.commit(
                    commit,
                    GoldenData.items(of).stream().map(GoldenData::text).toArray(String[]::new)));
    return graph;
  }

  private Map<String, Graph> graphs(Json vectors) {
    Map<String, Graph> graphs = new HashMap<>();
    GoldenData.object(GoldenData.member(vectors, "graphs"))
        .members()
        .forEach((name, parents) -> graphs.put(name, graph(name, (Json.Obj) parents)));
    return graphs;
  }

  @Test
  void diffsBringAnOriginalToTheSameHeadOrAreRefusedWhereTheOriginalsLoseCommits() {
    Json vectors = GoldenData.json("diff.json");
    Map<String, Graph> graphs = graphs(vectors);
    List<Json> cases = GoldenData.array(vectors, "cases");
    assertThat(cases).hasSize(106);
    for (Json vector : cases) {
      Graph graph = requireNonNull(graphs.get(GoldenData.text(vector, "graph")));
      Hash from = graph.hash(GoldenData.text(vector, "from"));
      Hash to = graph.hash(GoldenData.text(vector, "to"));
      List<Hash> golden =
          GoldenData.array(vector, "chain").stream()
              .map(commit -> graph.hash(GoldenData.text(commit)))
              .toList();
      boolean isFound = GoldenData.member(vector, "contains_from").equals(Json.of(true));
      assertThat(Ancestry.isAncestor(graph.store, from, to)).isEqualTo(isFound);
      if (!isFound) {
        assertThatThrownBy(() -> repository(graph).diffPack(from, to, true))
            .isInstanceOf(GitBlobsException.class);
        continue;
      }
      byte[] pack = repository(graph).diffPack(from, to, true);
      List<Hash> chain = PackReader.of(pack).header().chain();
      assertThat(chain).startsWith(from).endsWith(to).doesNotHaveDuplicates();
      if (GoldenData.text(vector, "graph").equals("linear")) {
        assertThat(chain).isEqualTo(golden);
      }
      OriginalReceiver receiver = at(graph, from);
      assertThat(receiver.fastForward(OriginalReceiver.decode(pack))).isEmpty();
      assertThat(receiver.head).isEqualTo(List.of("commit", to.hex()));
      hasAllHistory(receiver, graph, to);
    }
  }

  /** An original client that has this commit and its history. */
  private static OriginalReceiver at(Graph graph, Hash commit) {
    OriginalReceiver receiver = new OriginalReceiver();
    receiver.restore(new Packer(graph.store).full(Graph.START));
    CommitWalk walk = new CommitWalk(graph.store, List.of(commit));
    Map<String, BsonDocument> kept = new HashMap<>();
    walk.forEachRemaining(
        known -> {
          kept.put(known.hash().hex(), receiver.objects.get(known.hash().hex()));
          kept.put(known.tree().hex(), receiver.objects.get(known.tree().hex()));
          graph.store.tree(known.tree()).entries().values().stream()
              .map(entry -> entry.blob().hex())
              .forEach(blob -> kept.put(blob, receiver.objects.get(blob)));
        });
    receiver.objects.keySet().retainAll(kept.keySet());
    receiver.head = List.of("commit", commit.hex());
    return receiver;
  }

  private static void hasAllHistory(OriginalReceiver receiver, Graph graph, Hash head) {
    new CommitWalk(graph.store, List.of(head))
        .forEachRemaining(commit -> assertThat(receiver.objects).containsKey(commit.hash().hex()));
    Map<String, String> files = new HashMap<>();
    graph
        .store
        .tree(graph.store.commit(head).tree())
        .entries()
        .forEach((path, entry) -> files.put(path, "content of " + path));
    assertThat(receiver.snapshot()).isEqualTo(files);
  }

  @Test
  void theOriginalsRulesAreThoseOfItsGoldenData() {
    Graph graph = new Graph(folder.resolve("linear"));
    List<String> names = List.of("c1", "c2", "c3", "c4");
    graph.commit("c1");
    graph.commit("c2", "c1");
    graph.commit("c3", "c2");
    graph.commit("c4", "c3");
    byte[] pack = repository(graph).diffPack(graph.hash("c2"), graph.hash("c4"), false);
    for (Json vector : GoldenData.array(GoldenData.json("fast_forward.json"), "cases")) {
      String name = GoldenData.text(vector, "name");
      OriginalReceiver receiver = new OriginalReceiver();
      receiver.head = headBefore(name, graph);
      BsonDocument given = OriginalReceiver.decode(pack);
      spoil(given, name, graph);
      Optional<String> error = receiver.fastForward(given);
      Json result = GoldenData.member(vector, "result");
      assertThat(error.map(text -> named(text, graph, names)))
          .as(name)
          .isEqualTo(GoldenData.object(result).text("error"));
      Json head = GoldenData.member(vector, "head_after");
      assertThat(receiver.head)
          .as(name)
          .isEqualTo(
              head instanceof Json.Obj
                  ? List.of(
                      GoldenData.text(head, "type"), hashOf(GoldenData.text(head, "value"), graph))
                  : null);
      for (Json pair : GoldenData.array(vector, "stored")) {
        List<Json> items = GoldenData.items(pair);
        assertThat(receiver.objects.containsKey(graph.hash(GoldenData.text(items.get(0))).hex()))
            .as(name)
            .isEqualTo(items.get(1).equals(Json.of(true)));
      }
    }
  }

  private static @Nullable List<String> headBefore(String name, Graph graph) {
    return switch (name) {
      case "no-head" -> null;
      case "head-behind-from" -> List.of("commit", graph.hash("c1").hex());
      case "head-already-at-to" -> List.of("commit", graph.hash("c4").hex());
      case "head-is-a-ref" -> List.of("ref", "refs/heads/main");
      default -> List.of("commit", graph.hash("c2").hex());
    };
  }

  private static void spoil(BsonDocument pack, String name, Graph graph) {
    switch (name) {
      case "missing-commit-in-pack" -> remove(pack, "commits", graph.hash("c3"));
      case "missing-tree-in-pack" ->
          remove(pack, "trees", graph.store.commit(graph.hash("c4")).tree());
      case "missing-blob-in-pack" -> pack.getArray("blobs").remove(0);
      case "tampered-blob-bytes-not-noticed" ->
          pack.getArray("blobs").get(0).asDocument().put("content", new BsonDocument());
      default -> {
        // as it is
      }
    }
  }

  private static void remove(BsonDocument pack, String section, Hash hash) {
    BsonArray objects = pack.getArray(section);
    objects.removeIf(object -> object.asDocument().getString("hash").getValue().equals(hash.hex()));
  }

  private static String hashOf(String name, Graph graph) {
    return name.startsWith("c") ? graph.hash(name).hex() : name;
  }

  /** A message with commits by name, and trees as the golden data writes them. */
  private static String named(String text, Graph graph, List<String> names) {
    String named = text;
    for (String name : names) {
      named = named.replace(graph.hash(name).hex(), name);
    }
    return named.replaceAll("[0-9a-f]{64}", "<hash>");
  }
}
