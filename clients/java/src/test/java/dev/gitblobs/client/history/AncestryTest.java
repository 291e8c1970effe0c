package dev.gitblobs.client.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.object.Hash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AncestryTest {
  private final Graph graph;

  AncestryTest(@TempDir Path folder) {
    this.graph = new Graph(folder);
  }

  private List<Hash> bases(String a, String b) {
    return Ancestry.mergeBases(graph.store, graph.hash(a), graph.hash(b));
  }

  @Test
  void findsTheForkOfTwoBranches() {
    graph.commit("r");
    graph.commit("x", "r");
    graph.commit("a", "x");
    graph.commit("b", "x");
    assertThat(bases("a", "b")).isEqualTo(graph.hashes("x"));
    assertThat(bases("a", "x")).isEqualTo(graph.hashes("x"));
    assertThat(bases("a", "a")).isEqualTo(graph.hashes("a"));
  }

  @Test
  void findsTheAncestorThroughASecondParent() {
    graph.commit("r");
    graph.commit("a", "r");
    graph.commit("b", "r");
    graph.commit("m", "a", "b");
    graph.commit("c", "b");
    assertThat(bases("m", "c")).isEqualTo(graph.hashes("b"));
    assertThat(Ancestry.isAncestor(graph.store, graph.hash("b"), graph.hash("m"))).isTrue();
    assertThat(Ancestry.isAncestor(graph.store, graph.hash("c"), graph.hash("m"))).isFalse();
  }

  @Test
  void findsBothBasesAfterACrissCross() {
    graph.commit("r");
    graph.commit("a", "r");
    graph.commit("b", "r");
    graph.commit("ab", "a", "b");
    graph.commit("ba", "b", "a");
    assertThat(bases("ab", "ba")).containsExactlyInAnyOrderElementsOf(graph.hashes("a", "b"));
  }

  @Test
  void findsNoBaseOfUnrelatedHistories() {
    graph.commit("r");
    graph.commit("s");
    assertThat(bases("r", "s")).isEmpty();
  }

  @Test
  void listsWhatIsMissingParentsFirst() {
    graph.commit("r");
    graph.commit("a", "r");
    graph.commit("b", "r");
    graph.commit("m", "a", "b");
    graph.commit("t", "m");
    List<Hash> missing = Ancestry.missing(graph.store, graph.hash("t"), graph.hashes("a"));
    assertThat(missing).containsExactlyElementsOf(graph.hashes("b", "m", "t"));
    assertThat(Ancestry.missing(graph.store, graph.hash("a"), graph.hashes("t"))).isEmpty();
    assertThat(Ancestry.missing(graph.store, graph.hash("t"), List.of())).hasSize(5);
  }

  @Test
  void agreesWithPlainReachabilityOnRandomGraphsWithWrongClocks() {
    Random random = new Random(5);
    for (int round = 0; round < 12; round++) {
      List<String> names = new ArrayList<>();
      List<Set<Integer>> reach = new ArrayList<>();
      for (int i = 0; i < 14; i++) {
        Set<Integer> parents = new HashSet<>();
        for (int p = 0; p < 2 && i > 0 && random.nextInt(10) > 0; p++) {
          parents.add(Math.max(0, i - 1 - random.nextInt(4)));
        }
        Set<Integer> reachable = new HashSet<>(Set.of(i));
        parents.forEach(parent -> reachable.addAll(reach.get(parent)));
        reach.add(reachable);
        String name = round + "-" + i;
        graph.commitAt(
            Graph.START.plus(Duration.ofMinutes(random.nextInt(1000))),
            name,
            Map.of("f", name),
            parents.stream().map(names::get).toArray(String[]::new));
        names.add(name);
      }
      for (int a = 0; a < names.size(); a++) {
        for (int b = 0; b < names.size(); b++) {
          agrees(names, reach, a, b);
        }
      }
    }
  }

  private void agrees(List<String> names, List<Set<Integer>> reach, int a, int b) {
    Set<Integer> common = new HashSet<>(reach.get(a));
    common.retainAll(reach.get(b));
    Set<Integer> best = new HashSet<>(common);
    common.forEach(
        c ->
            common.stream()
                .filter(o -> !o.equals(c) && reach.get(o).contains(c))
                .findAny()
                .ifPresent(o -> best.remove(c)));
    assertThat(bases(names.get(a), names.get(b)))
        .containsExactlyInAnyOrderElementsOf(
            best.stream().map(i -> graph.hash(names.get(i))).toList());
    Set<Integer> missing = new HashSet<>(reach.get(a));
    missing.removeAll(reach.get(b));
    // Where clocks are wrong it may name some of the known ones too, but never too few.
    assertThat(
            Ancestry.missing(
                graph.store, graph.hash(names.get(a)), List.of(graph.hash(names.get(b)))))
        .containsAll(missing.stream().map(i -> graph.hash(names.get(i))).toList())
        .isSubsetOf(reach.get(a).stream().map(i -> graph.hash(names.get(i))).toList());
  }
}
