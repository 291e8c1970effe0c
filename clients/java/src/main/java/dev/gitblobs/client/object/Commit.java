package dev.gitblobs.client.object;

import dev.gitblobs.client.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tree, its parents and who made it. The content is kept as it came, because the hash depends on
 * the order of nested fields.
 */
public record Commit(Hash hash, Json.Obj content) implements StoredObject {
  private static final int FIELDS = 5;

  /** Throws {@link MalformedObjectException} unless the content is a commit's. */
  public Commit {
    if (content.members().size() != FIELDS) {
      throw new MalformedObjectException("Commit: not exactly the five fields of a commit");
    }
    readTree(content);
    readParents(content);
    readMessage(content);
    Signature.read(content, "author");
    Signature.read(content, "committer");
  }

  /** A new commit, hashed. */
  public static Commit of(
      Hash tree, List<Hash> parents, Signature author, Signature committer, String message) {
    Json.Obj content =
        Json.object(
            "tree_hash", Json.of(tree.hex()),
            "parent_hashes", Json.texts(parents.stream().map(Hash::hex).toList()),
            "author", author.toJson(),
            "committer", committer.toJson(),
            "message", Json.of(message));
    return new Commit(Hash.of(CanonicalText.of(content)), content);
  }

  /** The same commit on other parents, hashed anew. */
  public Commit withParents(List<Hash> parents) {
    return with(tree(), parents);
  }

  /** The same commit of another tree on other parents, hashed anew. */
  public Commit with(Hash tree, List<Hash> parents) {
    Map<String, Json> changed = new LinkedHashMap<>(content.members());
    changed.put("tree_hash", Json.of(tree.hex()));
    changed.put("parent_hashes", Json.texts(parents.stream().map(Hash::hex).toList()));
    Json.Obj object = new Json.Obj(changed);
    return new Commit(Hash.of(CanonicalText.of(object)), object);
  }

  @Override
  public ObjectType type() {
    return ObjectType.COMMIT;
  }

  /** The tree of this commit. */
  public Hash tree() {
    return readTree(content);
  }

  /** Its parents in order; none for a root. */
  public List<Hash> parents() {
    return readParents(content);
  }

  /** Who made the change. */
  public Signature author() {
    return Signature.read(content, "author");
  }

  /** Who made the commit. */
  public Signature committer() {
    return Signature.read(content, "committer");
  }

  /** What it says. */
  public String message() {
    return readMessage(content);
  }

  @Override
  public Optional<byte[]> wireBytes() {
    // Every locale sorts the five names alike, so there is one text to try.
    return Optional.of(CanonicalText.of(content)).filter(bytes -> Hash.of(bytes).equals(hash));
  }

  /** Whether it has the form of a compact backup's commit: no parents, and not its own hash. */
  public boolean isShallowRoot() {
    return parents().isEmpty() && wireBytes().isEmpty();
  }

  private static Hash readTree(Json.Obj content) {
    return content
        .text("tree_hash")
        .flatMap(Hash::parse)
        .orElseThrow(() -> new MalformedObjectException("Commit: tree_hash is not a hash"));
  }

  private static List<Hash> readParents(Json.Obj content) {
    if (!(content.get("parent_hashes").orElse(Json.Nil.NULL) instanceof Json.Arr items)) {
      throw new MalformedObjectException("Commit: parent_hashes is not an array");
    }
    List<Hash> parents = new ArrayList<>();
    for (Json item : items.items()) {
      parents.add(
          Hash.parse(item instanceof Json.Str text ? text.text() : "")
              .orElseThrow(() -> new MalformedObjectException("Commit: a parent is not a hash")));
    }
    return List.copyOf(parents);
  }

  private static String readMessage(Json.Obj content) {
    return content
        .text("message")
        .orElseThrow(() -> new MalformedObjectException("Commit: message is not text"));
  }
}
