package dev.gitblobs.client.pack;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pack's {@code _header}: when it was made and, by the keys of {@code others}, of which kind it
 * is.
 *
 * @param timestamp as written; backups and diffs use different forms
 * @param others extra fields in the order they are written
 */
public record PackHeader(String timestamp, Map<String, String> others) {
  static final String COMMIT_HEAD = "commit_head";
  static final String TREE_HEAD = "tree_head";
  static final String CHAIN = "commitChains";

  /** A field of our own: commits that have no parents here and not their own hash. */
  static final String SHALLOW = "shallow_roots";

  /** What {@code Date.prototype.toString} prints in UTC. */
  private static final DateTimeFormatter JS_DATE =
      DateTimeFormatter.ofPattern(
              "EEE MMM dd uuuu HH:mm:ss 'GMT+0000 (Coordinated Universal Time)'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** The header of a full or compact backup; both hashes are empty text for an empty store. */
  static PackHeader backup(Instant when, Optional<Hash> commit, Optional<Hash> tree) {
    Map<String, String> others = new java.util.LinkedHashMap<>();
    others.put(COMMIT_HEAD, commit.map(Hash::hex).orElse(""));
    others.put(TREE_HEAD, tree.map(Hash::hex).orElse(""));
    return new PackHeader(JS_DATE.format(when), others);
  }

  /** The header of a diff. */
  static PackHeader diff(Instant when, List<Hash> chain) {
    String text = Json.texts(chain.stream().map(Hash::hex).toList()).toText();
    return new PackHeader(Signature.timestamp(when), new TreeMap<>(Map.of(CHAIN, text)));
  }

  /** The same, naming the shallow roots among its commits; no field where there are none. */
  PackHeader withShallowRoots(List<Hash> roots) {
    if (roots.isEmpty()) {
      return this;
    }
    Map<String, String> more = new java.util.LinkedHashMap<>(others);
    more.put(SHALLOW, Json.texts(roots.stream().map(Hash::hex).toList()).toText());
    return new PackHeader(timestamp, more);
  }

  /** Whether this commit may lack its own hash: a compact backup's head, or a named one. */
  boolean isShallowRoot(Hash commit) {
    return commitHead().filter(commit::equals).isPresent()
        || hashes(SHALLOW, "list of shallow roots").contains(commit);
  }

  /** The head of a backup; empty for a diff and for the backup of an empty store. */
  public Optional<Hash> commitHead() {
    return Optional.ofNullable(others.get(COMMIT_HEAD)).flatMap(Hash::parse);
  }

  /** Whether it says it is a diff. */
  public boolean isDiff() {
    return others.containsKey(CHAIN);
  }

  /**
   * A diff's commits: the receiver's head first, the new head last. Throws when it is malformed.
   */
  public List<Hash> chain() {
    return hashes(CHAIN, "commit chain");
  }

  private List<Hash> hashes(String field, String what) {
    String text = others.get(field);
    if (text == null) {
      return List.of();
    }
    try {
      List<Hash> hashes = new ArrayList<>();
      if (JsonReader.read(text) instanceof Json.Arr items) {
        for (Json item : items.items()) {
          Hash.parse(item instanceof Json.Str hash ? hash.text() : "").ifPresent(hashes::add);
        }
        if (!hashes.isEmpty() && hashes.size() == items.items().size()) {
          return List.copyOf(hashes);
        }
      }
      throw new InvalidPackException("its " + what + " is not a list of hashes");
    } catch (JsonReader.InvalidJsonException e) {
      throw new InvalidPackException("its " + what + " is not JSON", e);
    }
  }
}
