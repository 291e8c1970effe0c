package dev.gitblobs.client.sync;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a store remembers of its relay, in {@code gitblobs/relay.json}. Losing it costs only time.
 *
 * @param url of the relay, without a path
 * @param store the store's name there
 * @param device this copy's name; one per copy
 * @param storeId the store this copy belongs to, whatever has its name by now; null before the
 *     first time
 * @param epoch of the relay's store when last seen; null before the first time
 * @param seq the last event whose objects are all here
 * @param head where the relay's ref stood when last seen; null when it was not there
 * @param next where a fetch of what came after {@code seq} was cut; null when none was
 * @param keptUntil until when the relay was to keep what was pushed, by its clock in milliseconds
 *     since 1970, if no device came any more; null when it had nothing or never said so
 */
public record SyncState(
    String url,
    String store,
    String device,
    @Nullable Long storeId,
    @Nullable String epoch,
    long seq,
    @Nullable Hash head,
    @Nullable String next,
    @Nullable Long keptUntil) {
  private static final String FILE = "relay.json";

  /** A store that has never been synced. */
  public static SyncState fresh(String url, String store, String device) {
    return new SyncState(url, store, device, null, null, 0, null, null, null);
  }

  /** The same after having seen this; within an epoch of a store the numbers only grow. */
  SyncState seen(long id, String newEpoch, long newSeq, @Nullable Hash newHead) {
    return newEpoch.equals(epoch) && Objects.equals(storeId, id) && newSeq < seq
        ? this
        : new SyncState(url, store, device, id, newEpoch, newSeq, newHead, null, keptUntil);
  }

  /** The same as the copy of a store of which nothing is here yet. */
  SyncState attached(MadeStore made) {
    return new SyncState(url, store, device, made.id(), made.epoch(), 0, null, null, null);
  }

  /** The same with what the relay last said of how long it keeps the store. */
  SyncState keptUntil(@Nullable Long until) {
    return until == null
        ? this
        : new SyncState(url, store, device, storeId, epoch, seq, head, next, until);
  }

  /** The same in the middle of fetching what came after that event. */
  SyncState fetching(String newEpoch, long after, String newNext) {
    return newEpoch.equals(epoch) && after < seq
        ? this
        : new SyncState(url, store, device, storeId, newEpoch, after, head, newNext, keptUntil);
  }

  /** Whether this is about the same store at the same relay. */
  boolean isOfSame(SyncState other) {
    boolean isOtherId = storeId != null && other.storeId != null && !storeId.equals(other.storeId);
    return url.equals(other.url) && store.equals(other.store) && !isOtherId;
  }

  /**
   * What the folder of our own files holds; empty when the store has no relay, and when a loss of
   * power has left the file empty.
   */
  public static Optional<SyncState> load(Path ownFolder) {
    Path file = ownFolder.resolve(FILE);
    try {
      byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      if (content.length == 0) {
        return Optional.empty();
      }
      Json.Obj json = JsonReader.readObject(content);
      double seq = json.get("seq").orElse(Json.Nil.NULL) instanceof Json.Num n ? n.value() : 0;
      return Optional.of(
          new SyncState(
              required(json, "url"),
              required(json, "store"),
              required(json, "device"),
              whole(json, "store_id"),
              json.text("epoch").orElse(null),
              (long) seq,
              json.text("head").flatMap(Hash::parse).orElse(null),
              json.text("next").orElse(null),
              whole(json, "kept_until")));
    } catch (IOException | JsonReader.InvalidJsonException e) {
      throw new GitBlobsException(
          "Tried to read "
              + file
              + " but failed: "
              + e.getMessage()
              + ". Say `gitblobs remote set URL NAME` again.",
          e);
    }
  }

  private static @Nullable Long whole(Json.Obj json, String name) {
    return json.get(name).orElse(Json.Nil.NULL) instanceof Json.Num n
        ? (Long) (long) n.value()
        : null;
  }

  private static String required(Json.Obj json, String name) {
    return json.text(name)
        .orElseThrow(() -> new JsonReader.InvalidJsonException("no text " + name));
  }

  /** Keeps it. */
  public void save(Path ownFolder) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("url", Json.of(url));
    members.put("store", Json.of(store));
    members.put("device", Json.of(device));
    members.put("seq", Json.of((double) seq));
    if (storeId != null) {
      members.put("store_id", Json.of((double) storeId));
    }
    if (epoch != null) {
      members.put("epoch", Json.of(epoch));
    }
    if (head != null) {
      members.put("head", Json.of(head.hex()));
    }
    if (next != null) {
      members.put("next", Json.of(next));
    }
    if (keptUntil != null) {
      members.put("kept_until", Json.of((double) keptUntil));
    }
    Path file = ownFolder.resolve(FILE);
    try {
      DurableFile.write(file, new Json.Obj(members).toText().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new GitBlobsException("Tried to write " + file + " but failed: " + e, e);
    }
  }
}
