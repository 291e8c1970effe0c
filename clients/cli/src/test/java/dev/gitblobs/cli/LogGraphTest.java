package dev.gitblobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Signature;
import dev.gitblobs.client.object.Tree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogGraphTest {
  private static final Signature ADA = new Signature("", "", "2024-01-01T00:00:00.000Z");

  private static Commit commit(String name, Commit... parents) {
    List<Hash> hashes = List.of(parents).stream().map(Commit::hash).toList();
    return Commit.of(Tree.EMPTY.hash(), hashes, ADA, ADA, name);
  }

  private static List<String> draw(Commit... newestFirst) {
    LogGraph graph = new LogGraph();
    List<String> lines = new ArrayList<>();
    for (Commit commit : newestFirst) {
      LogGraph.Row row = graph.next(commit);
      lines.add(row.mark() + commit.message());
      row.below().forEach(line -> lines.add(line.stripTrailing()));
    }
    return lines;
  }

  @Test
  void drawsAForkAndItsMerge() {
    Commit base = commit("base");
    Commit a = commit("a", base);
    Commit b = commit("b", base);
    assertThat(draw(commit("merge", a, b), b, a, base))
        .containsExactly("* merge", "|\\", "| * b", "* | a", "|/", "* base");
  }

  @Test
  void crossesAColumnBetweenTwoThatJoin() {
    Commit base = commit("base");
    Commit a = commit("a", base);
    Commit b = commit("b", base);
    Commit c = commit("c", base);
    assertThat(draw(commit("merge", a, b, c), a, c, b, base))
        .containsExactly(
            "* merge", "|\\", "| |\\", "* | | a", "| | * c", "| |/", "|/|", "| * b", "|/",
            "* base");
  }

  @Test
  void movesUpWhatStandsRightOfAFirstCommit() {
    Commit one = commit("one");
    Commit two = commit("two");
    assertThat(draw(commit("merge", one, two), one, two))
        .containsExactly("* merge", "|\\", "* | one", " /", "* two");
  }
}
