package dev.gitblobs.client.history;

import static dev.gitblobs.client.GoldenData.array;
import static dev.gitblobs.client.GoldenData.items;
import static dev.gitblobs.client.GoldenData.json;
import static dev.gitblobs.client.GoldenData.member;
import static dev.gitblobs.client.GoldenData.object;
import static dev.gitblobs.client.GoldenData.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Blob;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of FORMAT.md 9.6, right-hand column. */
class TreeMergeTest {
  private static Tree tree(String... pathsAndTexts) {
    Map<String, TreeEntry> entries = new LinkedHashMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      byte[] bytes = pathsAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
      entries.put(pathsAndTexts[i], TreeEntry.of(Blob.of(bytes).hash()));
    }
    return Tree.of(entries);
  }

  private static TreeMerge merge(Tree base, Tree ours, Tree theirs) {
    return TreeMerge.of(List.of(base), ours, theirs, ConflictResolver.NONE);
  }

  private static void mergesTo(Tree expected, Tree base, Tree ours, Tree theirs) {
    TreeMerge merge = merge(base, ours, theirs);
    assertThat(merge.conflicts()).isEmpty();
    assertThat(Tree.of(merge.entries()).hash()).isEqualTo(expected.hash());
  }

  private static void collides(Conflict.Kind kind, Tree base, Tree ours, Tree theirs) {
    assertThat(merge(base, ours, theirs).conflicts())
        .singleElement()
        .satisfies(
            conflict -> {
              assertThat(conflict.path()).isEqualTo("f");
              assertThat(conflict.kind()).isEqualTo(kind);
            });
  }

  @Test
  void takesDifferentNewFilesOfBothSides() {
    mergesTo(
        tree("f", "0", "a", "1", "b", "2"),
        tree("f", "0"),
        tree("f", "0", "a", "1"),
        tree("f", "0", "b", "2"));
  }

  @Test
  void takesAnEditOfOneSide() {
    mergesTo(tree("f", "1"), tree("f", "0"), tree("f", "1"), tree("f", "0"));
    mergesTo(tree("f", "1"), tree("f", "0"), tree("f", "0"), tree("f", "1"));
  }

  @Test
  void takesADeletionOfOneSide() {
    mergesTo(Tree.EMPTY, tree("f", "0"), Tree.EMPTY, tree("f", "0"));
    mergesTo(Tree.EMPTY, tree("f", "0"), tree("f", "0"), Tree.EMPTY);
  }

  @Test
  void keepsDeletedWhatBothDeleted() {
    mergesTo(Tree.EMPTY, tree("f", "0"), Tree.EMPTY, Tree.EMPTY);
  }

  @Test
  void takesTheSameEditOfBothOnce() {
    mergesTo(tree("f", "1"), tree("f", "0"), tree("f", "1"), tree("f", "1"));
    mergesTo(tree("f", "1"), Tree.EMPTY, tree("f", "1"), tree("f", "1"));
  }

  @Test
  void leavesDifferentEditsToTheUser() {
    collides(Conflict.Kind.BOTH_EDITED, tree("f", "0"), tree("f", "1"), tree("f", "2"));
  }

  @Test
  void leavesAnEditAgainstADeletionToTheUser() {
    collides(Conflict.Kind.DELETED_BY_THEM, tree("f", "0"), tree("f", "1"), Tree.EMPTY);
    collides(Conflict.Kind.DELETED_BY_US, tree("f", "0"), Tree.EMPTY, tree("f", "1"));
  }

  @Test
  void leavesDifferentNewFilesOfOneNameToTheUser() {
    collides(Conflict.Kind.BOTH_ADDED, Tree.EMPTY, tree("f", "1"), tree("f", "2"));
  }

  @Test
  void treatsAChangeOfMetadataAsAnEdit() {
    TreeEntry plain = TreeEntry.of(Blob.of(new byte[0]).hash());
    TreeEntry marked = TreeEntry.of(plain.blob(), Blob.of(new byte[] {1}).hash());
    TreeEntry other = TreeEntry.of(plain.blob(), Blob.of(new byte[] {2}).hash());
    Tree base = Tree.of(Map.of("f", plain));
    Tree theirs = Tree.of(Map.of("f", marked));
    mergesTo(theirs, base, base, theirs);
    collides(Conflict.Kind.BOTH_EDITED, base, Tree.of(Map.of("f", other)), theirs);
  }

  @Test
  void decidesAgainstSeveralBasesOnlyWhereTheyAgree() {
    Tree one = tree("f", "1", "g", "1");
    Tree two = tree("f", "2", "g", "1");
    Tree ours = tree("f", "1", "g", "1");
    Tree theirs = tree("f", "2", "g", "9");
    TreeMerge merge = TreeMerge.of(List.of(one, two), ours, theirs, ConflictResolver.NONE);
    assertThat(merge.conflicts()).extracting(Conflict::path).containsExactly("f");
    assertThat(merge.entries().get("g")).isEqualTo(theirs.entries().get("g"));
  }

  @Test
  void takesTheSideTheUserChose() {
    Tree base = tree("f", "0");
    Tree ours = tree("f", "1");
    TreeMerge kept = TreeMerge.of(List.of(base), ours, Tree.EMPTY, ConflictResolver.OURS);
    TreeMerge dropped = TreeMerge.of(List.of(base), ours, Tree.EMPTY, ConflictResolver.THEIRS);
    assertThat(kept.entries()).containsOnlyKeys("f");
    assertThat(dropped.entries()).isEmpty();
    assertThat(dropped.conflicts()).isEmpty();
  }

  /** Golden cases in which the original is right, that is, not marked as a bug in FORMAT.md 5.6. */
  private static final Set<String> RIGHT =
      Set.of(
          "nothing-changed",
          "theirs-adds",
          "ours-adds",
          "both-add-different-paths",
          "both-add-same-path-same-content",
          "both-modify-same-way");

  /** Golden cases that are conflicts for everyone. */
  private static final Set<String> CONFLICTS =
      Set.of(
          "both-modify-differently",
          "ours-deletes-theirs-modifies",
          "ours-modifies-theirs-deletes");

  @Test
  void agreesWithTheOriginalWhereTheOriginalIsRight() {
    int compared = 0;
    for (Json vector : array(json("tree_merge.json"), "cases")) {
      String name = text(vector, "name");
      TreeMerge merge = merge(tree(vector, "base"), tree(vector, "ours"), tree(vector, "theirs"));
      if (RIGHT.contains(name)) {
        Json expected = member(vector, "merged");
        assertThat(merge.conflicts()).as(name).isEmpty();
        assertThat(Tree.of(merge.entries()).hash().hex()).isEqualTo(text(expected, "hash"));
        assertThat(merge.entries().keySet())
            .containsExactlyElementsOf(
                array(expected, "entries_in_order").stream()
                    .map(pair -> text(items(pair).get(0)))
                    .toList());
        compared++;
      } else if (CONFLICTS.contains(name)) {
        assertThat(merge.conflicts()).as(name).hasSize(array(vector, "conflicts").size());
        compared++;
      }
    }
    assertThat(compared).isEqualTo(RIGHT.size() + CONFLICTS.size());
  }

  private static Tree tree(Json vector, String side) {
    Map<String, TreeEntry> entries = new LinkedHashMap<>();
    object(member(vector, side))
        .members()
        .forEach(
            (path, entry) -> {
              Map<String, String> fields = new LinkedHashMap<>();
              object(entry).members().forEach((name, value) -> fields.put(name, text(value)));
              entries.put(path, TreeEntry.read(path, fields));
            });
    return Tree.of(entries);
  }
}
