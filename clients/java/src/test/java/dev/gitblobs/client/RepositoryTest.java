package dev.gitblobs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gitblobs.client.history.CommitWalk;
import dev.gitblobs.client.history.Conflict;
import dev.gitblobs.client.history.ConflictResolver;
import dev.gitblobs.client.history.Graft;
import dev.gitblobs.client.history.ImportOutcome;
import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.history.PackImport;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.pack.PackReader;
import dev.gitblobs.client.pack.Packer;
import dev.gitblobs.client.store.StoreCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryTest {
  private final Path folder;
  private final AtomicLong seconds = new AtomicLong(1_700_000_000);
  private final Author ada =
      new Author("Ada", "ada@example.org", () -> Instant.ofEpochSecond(seconds.incrementAndGet()));

  RepositoryTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Repository create(String name) {
    return Repository.create(folder.resolve(name), ada);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Commit put(Repository repository, String path, String text) {
    CommitOutcome outcome =
        repository.commit("add file: " + path, List.of(Edit.put(path, utf8(text))));
    return ((CommitOutcome.Committed) outcome).commit();
  }

  private static ImportOutcome load(Repository into, byte[] pack) {
    return new PackImport(into.store(), count -> {}).run(PackReader.of(pack), false);
  }

  private static boolean isWhole(Repository repository) {
    return StoreCheck.run(repository.store(), count -> {}).isWhole();
  }

  /** A second store with the same history. */
  private Repository clone(Repository from, String name) {
    Repository to = create(name);
    load(to, new Packer(from.store()).full(Instant.EPOCH));
    return to;
  }

  /** Brings what the other has into this store, as a pull does, without merging. */
  private static Hash fetch(Repository into, Repository from) {
    Hash theirs = from.store().head().orElseThrow();
    new PackImport(into.store(), count -> {})
        .run(PackReader.of(new Packer(from.store()).full(Instant.EPOCH)), false);
    return theirs;
  }

  @Test
  void commitsAsTheOriginalDoes() throws IOException {
    Path original = GoldenData.store("linear", folder);
    Repository golden = Repository.open(original, ada);
    List<Commit> commits = new ArrayList<>();
    golden.log().forEachRemaining(commit -> commits.add(0, commit));

    Repository copy = null;
    for (Commit commit : commits) {
      Author author =
          new Author("", "", InstantSource.fixed(Instant.parse(commit.author().timestamp())));
      copy = Repository.create(folder.resolve("copy"), author);
      List<Edit> edits = new ArrayList<>();
      String path = commit.message().replace("add file: ", "");
      golden
          .store()
          .tree(commit.tree())
          .entry(path)
          .ifPresent(
              entry -> edits.add(Edit.put(path, golden.store().blob(entry.blob()).toBytes())));
      assertThat(copy.commit(commit.message(), edits))
          .isEqualTo(new CommitOutcome.Committed(commit));
    }
    assertThat(copy).isNotNull();
    assertThat(original.resolve("HEAD"))
        .hasSameBinaryContentAs(folder.resolve("copy").resolve("HEAD"));
  }

  @Test
  void makesNoCommitWhenNothingChanged() {
    Repository notes = create("notes");
    put(notes, "a", "1");
    assertThat(notes.commit("again", List.of(Edit.put("a", utf8("1")))))
        .isInstanceOf(CommitOutcome.Unchanged.class);
    assertThat(notes.commit("nothing", List.of())).isInstanceOf(CommitOutcome.Unchanged.class);
  }

  @Test
  void makesAllEditsOrNone() {
    Repository notes = create("notes");
    Commit first = put(notes, "a", "1");
    CommitOutcome outcome =
        notes.commit("two", List.of(Edit.put("b", utf8("2")), new Edit.Remove("no such")));
    assertThat(outcome).isEqualTo(new CommitOutcome.Refused("no such", "there is no such file"));
    assertThat(notes.head()).contains(first);
    assertThat(notes.files().entries()).containsOnlyKeys("a");
  }

  @Test
  void movesAndRemovesFiles() {
    Repository notes = create("notes");
    put(notes, "a", "1");
    put(notes, "b", "2");
    notes.commit("move", List.of(new Edit.Move("a", "c"), new Edit.Remove("b")));
    assertThat(notes.files().entries()).containsOnlyKeys("c");
    assertThat(notes.read("c")).contains(utf8("1"));
    put(notes, "d", "2");
    assertThat(notes.commit("onto", List.of(new Edit.Move("c", "d"))))
        .isInstanceOf(CommitOutcome.Refused.class);
  }

  @Test
  void mergesTwoSidesIntoACommitWithBothAsParents() {
    Repository a = create("a");
    put(a, "base", "0");
    Repository b = clone(a, "b");
    Commit ours = put(a, "from-a", "1");
    put(b, "from-b", "2");
    Hash theirs = fetch(a, b);

    MergeOutcome outcome = a.merge(theirs, ConflictResolver.NONE, UnrelatedPolicy.REFUSE);

    assertThat(outcome).isInstanceOf(MergeOutcome.Merged.class);
    Commit merged = ((MergeOutcome.Merged) outcome).commit();
    assertThat(merged.parents()).containsExactly(ours.hash(), theirs);
    assertThat(merged.author().name()).isEqualTo("Ada");
    assertThat(a.files().entries()).containsOnlyKeys("base", "from-a", "from-b");
    assertThat(isWhole(a)).isTrue();
    // The other side only has to move its head.
    assertThat(fetch(b, a)).isEqualTo(merged.hash());
    assertThat(b.store().head()).contains(merged.hash());
  }

  @Test
  void leavesTheStoreAloneOnConflict() {
    Repository a = create("a");
    put(a, "f", "0");
    Repository b = clone(a, "b");
    Commit ours = put(a, "f", "1");
    put(b, "f", "2");
    MergeOutcome outcome = a.merge(fetch(a, b), ConflictResolver.NONE, UnrelatedPolicy.REFUSE);
    assertThat(outcome).isInstanceOf(MergeOutcome.Conflicted.class);
    assertThat(((MergeOutcome.Conflicted) outcome).conflicts())
        .extracting(Conflict::path)
        .containsExactly("f");
    assertThat(a.head()).contains(ours);
  }

  @Test
  void treatsUnrelatedHistoriesByPolicy() {
    Repository a = create("a");
    Commit ours = put(a, "mine", "1");
    Repository b = create("b");
    put(b, "theirs", "2");
    Hash theirs = fetch(a, b);
    assertThat(a.merge(theirs, ConflictResolver.NONE, UnrelatedPolicy.REFUSE))
        .isEqualTo(new MergeOutcome.Unrelated(ours.hash(), theirs));
    assertThat(a.merge(theirs, ConflictResolver.NONE, UnrelatedPolicy.ALLOW))
        .isInstanceOf(MergeOutcome.Merged.class);
    assertThat(a.files().entries()).containsOnlyKeys("mine", "theirs");

    Repository c = create("c");
    put(c, "dummy.txt", "this is a dummy file");
    assertThat(c.merge(fetch(c, b), ConflictResolver.NONE, UnrelatedPolicy.REPLACE_LOCAL))
        .isInstanceOf(MergeOutcome.FastForwarded.class);
    assertThat(c.store().head()).contains(theirs);
  }

  @Test
  void makesTheOriginalsDiffOfALine() throws IOException {
    byte[] expected = GoldenData.bytes(GoldenData.path("packs/linear-diff-3-to-head.bin"));
    List<Hash> chain = PackReader.of(expected).header().chain();
    Instant when = Instant.parse(PackReader.of(expected).header().timestamp());
    Repository linear =
        Repository.open(
            GoldenData.store("linear", folder), new Author("", "", InstantSource.fixed(when)));
    byte[] made = linear.diffPack(chain.get(0), chain.get(chain.size() - 1), false);
    assertThat(made).isEqualTo(expected);
  }

  @Test
  void bringsAnOriginalReceiverForwardByAThinPackAcrossAMerge() {
    Repository a = create("a");
    Commit base = put(a, "base", "0".repeat(10_000));
    Repository b = clone(a, "b");
    Repository receiver = clone(a, "receiver");
    put(a, "from-a", "1");
    put(b, "from-b", "2");
    a.merge(fetch(a, b), ConflictResolver.NONE, UnrelatedPolicy.REFUSE);
    Hash head = a.store().head().orElseThrow();

    byte[] thin = a.diffPack(base.hash(), head, true);

    assertThat(thin).hasSizeLessThan(8_000);
    List<Hash> chain = PackReader.of(thin).header().chain();
    assertThat(chain).startsWith(base.hash()).endsWith(head).hasSize(4);
    assertThat(load(receiver, thin)).isEqualTo(new ImportOutcome.HeadMoved(head));
    assertThat(isWhole(receiver)).isTrue();
  }

  @Test
  void appliesTheOriginalsDiffAndEndsWhereTheOriginalEnds() throws IOException {
    Repository receiver = Repository.open(GoldenData.store("linear-at-3", folder), ada);
    byte[] diff = GoldenData.bytes(GoldenData.path("packs/linear-diff-3-to-head.bin"));
    load(receiver, diff);
    String expected =
        GoldenData.text(
            GoldenData.member(GoldenData.json("expected/linear-receiver-after-diff.json"), "head"),
            "value");
    assertThat(receiver.store().head()).contains(new Hash(expected));
    assertThat(load(receiver, diff)).isInstanceOf(ImportOutcome.UpToDate.class);
    assertThat(isWhole(receiver)).isTrue();
  }

  @Test
  void refusesADiffThatDoesNotStartInTheStore() {
    Repository empty = create("empty");
    byte[] diff = GoldenData.bytes(GoldenData.path("packs/linear-diff-3-to-head.bin"));
    assertThatThrownBy(() -> load(empty, diff)).hasMessageContaining("import a backup first");
    assertThat(empty.head()).isEmpty();
    assertThat(empty.store().refs()).isEmpty();
  }

  @Test
  void refusesToMakeADiffThatWouldLoseCommits() throws IOException {
    Repository dag = Repository.open(GoldenData.store("dag", folder), ada);
    var names =
        GoldenData.object(GoldenData.member(GoldenData.json("expected/dag.json"), "named_commits"));
    Hash a1 = new Hash(names.text("a1").orElseThrow());
    Hash b1 = new Hash(names.text("b1").orElseThrow());
    assertThatThrownBy(() -> dag.diffPack(a1, b1, false)).hasMessageContaining("not an ancestor");
    Hash tip = new Hash(names.text("tip").orElseThrow());
    List<Hash> chain = PackReader.of(dag.diffPack(b1, tip, false)).header().chain();
    assertThat(chain).startsWith(b1).endsWith(tip).contains(a1).doesNotHaveDuplicates();
  }

  @Test
  void listsHistoryAsTheOriginalDoes() throws IOException {
    for (String name : List.of("single", "linear", "A", "B", "dag", "many")) {
      Repository repository = Repository.open(GoldenData.store(name, folder.resolve(name)), ada);
      List<String> history = new ArrayList<>();
      repository.log().forEachRemaining(commit -> history.add(commit.hash().hex()));
      List<String> expected =
          GoldenData.array(GoldenData.json("expected/" + name + ".json"), "history").stream()
              .map(commit -> GoldenData.text(commit, "hash"))
              .toList();
      assertThat(history).containsExactlyInAnyOrderElementsOf(expected);
      if (!name.equals("dag")) {
        assertThat(history).isEqualTo(expected);
      }
    }
  }

  @Test
  void listsChildrenBeforeParentsThoughTheClockWentBack() {
    Repository notes = create("notes");
    for (int i = 0; i < 5; i++) {
      put(notes, "f", "" + i);
      seconds.addAndGet(-10_000);
    }
    List<Hash> seen = new ArrayList<>();
    CommitWalk walk = notes.log();
    while (walk.hasNext()) {
      Commit commit = walk.next();
      assertThat(commit.parents()).noneMatch(seen::contains);
      seen.add(commit.hash());
    }
    assertThat(seen).hasSize(5);
  }

  @Test
  void graftsAShallowHistorySoThatEveryCommitIsItsHash() throws IOException {
    Repository shallow = Repository.open(GoldenData.store("shallow", folder), ada);
    put(shallow, "on top", "1");
    List<String> messages = messages(shallow);
    assertThat(shallow.files().entries()).containsKey("on top");

    Graft graft = Graft.run(shallow.store()).orElseThrow();

    assertThat(shallow.store().head()).contains(graft.newHead());
    assertThat(messages(shallow)).isEqualTo(messages);
    shallow.log().forEachRemaining(commit -> assertThat(commit.isProven()).isTrue());
    assertThat(Graft.run(shallow.store())).isEmpty();
  }

  @Test
  void replacesAShallowRootByTheWholeCommitWhenThatArrives() throws IOException {
    Repository full = Repository.open(GoldenData.store("linear", folder), ada);
    Repository shallow = create("shallow");
    load(
        shallow,
        new Packer(full.store()).compact(full.store().head().orElseThrow(), Instant.EPOCH));
    assertThat(messages(shallow)).hasSize(1);
    load(shallow, new Packer(full.store()).full(Instant.EPOCH));
    assertThat(messages(shallow)).isEqualTo(messages(full));
    assertThat(isWhole(shallow)).isTrue();
    // and never the other way round
    load(full, new Packer(full.store()).compact(full.store().head().orElseThrow(), Instant.EPOCH));
    assertThat(messages(full)).isEqualTo(messages(shallow));
  }

  @Test
  void appliesLaterDiffsToAStoreThatBeganWithACompactBackup() throws IOException {
    Repository full = Repository.open(GoldenData.store("linear", folder), ada);
    Hash start = full.store().head().orElseThrow();
    Repository shallow = create("shallow");
    load(shallow, new Packer(full.store()).compact(start, Instant.EPOCH));
    Hash next = put(full, "later", "1").hash();
    assertThat(load(shallow, full.diffPack(start, next, true)))
        .isEqualTo(new ImportOutcome.HeadMoved(next));
    assertThat(shallow.store().commit(start).isProven()).isFalse();
    assertThat(isWhole(shallow)).isTrue();
  }

  @Test
  void importsNothingFromAPackThatLacksAFile() {
    Repository a = create("a");
    put(a, "f", "1");
    byte[] pack = new Packer(a.store()).full(Instant.EPOCH);
    byte[] withoutBlob = dropBlobs(pack);
    Repository b = create("b");
    assertThatThrownBy(() -> load(b, withoutBlob)).hasMessageContaining("missing in all");
    List<Object> objects = new ArrayList<>();
    b.store().forEach(objects::add);
    assertThat(objects).isEmpty();
  }

  private static byte[] dropBlobs(byte[] pack) {
    PackReader reader = PackReader.of(pack);
    List<dev.gitblobs.client.object.StoredObject> objects = new ArrayList<>();
    reader.forEach(objects::add);
    return dev.gitblobs.client.pack.PackWriter.write(
        reader.header(),
        type ->
            objects.stream().filter(o -> o.type() == type && !o.type().wireName().equals("blob")));
  }

  private static List<String> messages(Repository repository) {
    List<String> messages = new ArrayList<>();
    repository.log().forEachRemaining(commit -> messages.add(commit.message()));
    return messages;
  }

  @Test
  void readsBackEveryByte() {
    Repository notes = create("notes");
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    notes.commit("bytes", List.of(Edit.put("bytes", all), Edit.put("empty", new byte[0])));
    assertThat(notes.read("bytes").map(Arrays::toString)).contains(Arrays.toString(all));
    assertThat(notes.read("empty")).contains(new byte[0]);
    assertThat(notes.read("nothing")).isEmpty();
  }
}
