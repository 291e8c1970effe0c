package dev.gitblobs.client.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TreeTest {
  private static final TreeEntry FILE = TreeEntry.of(Blob.of(new byte[] {1}).hash());

  @Test
  void recognisesATreeHashedInDanishOrder() {
    // Danish sorts "aa" after "z"; a Danish browser hashes this text.
    String danish = "{\"z\":" + FILE.toJson().toText() + ",\"aa\":" + FILE.toJson().toText() + "}";
    Hash hash = Hash.of(danish.getBytes(StandardCharsets.UTF_8));
    Map<String, TreeEntry> entries = new LinkedHashMap<>();
    entries.put("aa", FILE);
    entries.put("z", FILE);

    Tree tree = new Tree(hash, entries);

    assertThat(tree.isProven()).isTrue();
    assertThat(tree.isInRootOrder()).isFalse();
    assertThat(Tree.of(entries).hash()).isNotEqualTo(hash);
    assertThat(Tree.of(entries).isInRootOrder()).isTrue();
  }

  @Test
  void doesNotProveATreeWithAForeignEntry() {
    Tree honest = Tree.of(Map.of("a", FILE));
    Tree forged = new Tree(honest.hash(), Map.of("b", FILE));
    assertThat(forged.isProven()).isFalse();
  }

  @Test
  void putsIntegerLikeNamesFirst() {
    Map<String, TreeEntry> entries = new LinkedHashMap<>();
    entries.put("b", FILE);
    entries.put("10", FILE);
    entries.put("9", FILE);
    assertThat(Tree.of(entries).entries().keySet()).containsExactly("9", "10", "b");
  }

  @Test
  void refusesAnEntryWhoseHashIsAPath() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("blob_hash", "../../etc/passwd");
    fields.put("metadata_hash", "");
    fields.put("type", "file");
    assertThatThrownBy(() -> TreeEntry.read("x", fields))
        .isInstanceOf(MalformedObjectException.class)
        .hasMessageContaining("64 hex digits");
  }

  @Test
  void refusesNamesThatWouldMakeTheHashDependOnTheOrderOfAdding() {
    NavigableSet<String> others = new TreeSet<>(FilePath.ORDER);
    assertThat(FilePath.refusal("ab", others)).isEmpty();
    others.addAll(List.of("a", "a\u2063b", "z"));
    assertThat(FilePath.refusal("ab", others)).isPresent();
    assertThat(FilePath.refusal("ac", others)).isEmpty();
    assertThat(FilePath.refusal("e\u0301", others)).isPresent();
    assertThat(FilePath.refusal("a\0", others)).isPresent();
    assertThat(FilePath.refusal("__proto__", others)).isPresent();
    assertThat(FilePath.refusal("", others)).isPresent();
    assertThat(FilePath.refusal("notes/été.txt", others)).isEmpty();
  }
}
