package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One operation of the relay (PROTOCOL.md 6). */
public sealed interface ServerOp extends Op {

  /** A ref, where it stands, and the note it was last pushed with. */
  record Head(String ref, String hash, @Nullable String note) {
    public Head {
      Check.ref(ref);
      Check.hash(hash);
      Check.note(note);
    }

    /** A pair on the wire, or three where there is a note. */
    @JsonValue
    public List<String> wire() {
      return note == null ? List.of(ref, hash) : List.of(ref, hash, note);
    }
  }

  /**
   * What this relay allows and what the user has used. The last four are what it does for a user in
   * a store at a time and in a second: bytes it holds, statements and rows of its database, and
   * bytes it answers.
   */
  record Allowance(
      long frameBytes,
      long objectBytes,
      long messageBytes,
      long ttlSeconds,
      long ttlMaxSeconds,
      long quotaBytes,
      long quotaObjects,
      long usedBytes,
      long usedObjects,
      long heldBytes,
      long statementsPerSecond,
      long rowsPerSecond,
      long answeredBytesPerSecond) {}

  /** One device that is connected. */
  record Present(String by, String device, long since, @Nullable String state) {
    public Present {
      Check.member("by", by);
      Check.device("device", device);
      Check.count("since", since);
      Check.base64("state", state, 0, Limits.STATE_BYTES);
    }
  }

  /** Why a device could not simply resume. */
  enum Hole {
    NEW,
    EXPIRED,
    AHEAD,
    EPOCH;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Whether an object was new to the store. */
  enum Stored {
    STORED,
    KNOWN;

    /** The name on the wire. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Answers {@code hello}. */
  record Welcome(
      int proto,
      long store,
      String epoch,
      @Nullable List<String> features,
      long head,
      long oldest,
      List<Head> refs,
      Allowance limits,
      String by,
      String user,
      long expiresAt,
      @Nullable Long keptUntil,
      boolean resumed,
      @Nullable Hole reason)
      implements ServerOp {
    public Welcome {
      Check.range("proto", proto, 0, Integer.MAX_VALUE);
      Check.count("store", store);
      Check.epoch(epoch);
      features = Check.features(features);
      Check.count("head", head);
      Check.count("oldest", oldest);
      refs = Check.list("refs", refs, 0, Limits.REFS_PER_STORE);
      Check.member("by", by);
      Check.text("user", user, 256);
      Check.count("expires_at", expiresAt);
      Check.count("kept_until", keptUntil);
    }
  }

  /** Answers {@code have}: indexes of what is needed, and of what is too much. */
  record Want(long id, List<Integer> need, List<Integer> over) implements ServerOp {
    public Want {
      Check.count("id", id);
      need = indexes("need", need);
      over = indexes("over", over);
    }

    private static List<Integer> indexes(String field, List<Integer> values) {
      values.forEach(index -> Check.range(field, index, 0, Limits.OBJECTS_PER_OP - 1));
      return Check.list(field, values, 0, Limits.OBJECTS_PER_OP);
    }
  }

  /**
   * Answers {@code put}, {@code chunk}, {@code send} without keep, {@code need} and {@code renew}.
   */
  record Ok(
      long id,
      @Nullable Stored state,
      @Nullable Long expiresAt,
      @Nullable Integer upto,
      @Nullable Long devices)
      implements ServerOp {
    public Ok {
      Check.count("id", id);
      Check.count("expires_at", expiresAt);
      Check.range("upto", upto, 0, Limits.OBJECT_BYTES);
      Check.count("devices", devices);
    }
  }

  /** Answers {@code push} and a kept {@code send}: it is durable under this number. */
  record Ack(long id, String mid, long seq) implements ServerOp {
    public Ack {
      Check.count("id", id);
      Check.mid(mid);
      Check.count("seq", seq);
    }
  }

  /** A page of events: the answer to {@code pull}, and without id what follows a welcome. */
  record Events(@Nullable Long id, List<EventItem> items, boolean more) implements ServerOp {
    public Events {
      Check.count("id", id);
      items = Check.list("items", items, 0, Limits.EVENTS_PER_PAGE);
    }
  }

  /** An event as it happens. */
  record Event(@JsonUnwrapped EventItem item) implements ServerOp {}

  /** Whole objects, their bytes one after the other in the body. */
  record Objects(long id, List<SizedKey> items, @JsonIgnore Body body) implements ServerOp {
    public Objects {
      Check.count("id", id);
      items = Check.list("items", items, 1, Limits.OBJECTS_PER_OP);
      long sum = items.stream().mapToLong(SizedKey::size).sum();
      Check.that("items", sum == body.length());
    }

    /** The body of each item, in order; not verified yet. */
    public List<Body> bodies() {
      List<Body> bodies = new ArrayList<>(items.size());
      int from = 0;
      for (SizedKey item : items) {
        bodies.add(body.slice(from, from + item.size()));
        from += item.size();
      }
      return bodies;
    }
  }

  /** A piece of an object too large for one frame. */
  record Part(
      long id, ObjectType type, String hash, int size, int offset, int len, @JsonIgnore Body body)
      implements ServerOp {
    public Part {
      Check.count("id", id);
      Check.hash(hash);
      Check.range("size", size, 0, Limits.OBJECT_BYTES);
      Check.range("offset", offset, 0, Limits.OBJECT_BYTES);
      Check.range("len", len, 1, Limits.CHUNK_BYTES);
      Check.body(len, body);
    }
  }

  /** Ends the answer to {@code fetch} or {@code get}; with {@code next} there is more. */
  record Done(long id, @Nullable Long seq, List<ObjectKey> gone, @Nullable String next)
      implements ServerOp {
    public Done {
      Check.count("id", id);
      Check.count("seq", seq);
      gone = Check.list("gone", gone, 0, Limits.GONE_PER_PAGE);
      Check.next(next);
    }
  }

  /** A message another device sent without keep. */
  record Message(
      String by,
      String from,
      String mid,
      long at,
      @Nullable Party to,
      int len,
      @JsonIgnore Body body)
      implements ServerOp {
    public Message {
      Check.member("by", by);
      Check.device("from", from);
      Check.mid(mid);
      Check.count("at", at);
      Check.range("len", len, 0, Limits.MESSAGE_BYTES);
      Check.body(len, body);
    }
  }

  /** Another device asks for objects the relay no longer has: whoever has them puts them again. */
  record Need(String by, String from, List<ObjectKey> objects) implements ServerOp {
    public Need {
      Check.member("by", by);
      Check.device("from", from);
      objects = Check.list("objects", objects, 1, Limits.OBJECTS_PER_OP);
    }
  }

  /** Objects this device asked for are there again. */
  record Available(List<ObjectKey> objects) implements ServerOp {
    public Available {
      objects = Check.list("objects", objects, 1, Limits.OBJECTS_PER_OP);
    }
  }

  /** All devices that are connected to the store. */
  record Presence(List<Present> devices) implements ServerOp {
    public Presence {
      devices = List.copyOf(devices);
    }
  }

  /** Answers {@code auth}. */
  record Authed(long expiresAt) implements ServerOp {
    public Authed {
      Check.count("expires_at", expiresAt);
    }
  }

  /** The socket's token is about to expire. */
  record AuthSoon(long expiresAt) implements ServerOp {
    public AuthSoon {
      Check.count("expires_at", expiresAt);
    }
  }

  /** Something the user may want to know. */
  record Notice(String code, String message) implements ServerOp {
    public Notice {
      Check.code(code);
      Check.text("message", message, 4_096);
    }
  }

  /** Where a ref stands now; null when it is not there. */
  record Current(@JsonValue @Nullable String hash) {
    public Current {
      Check.hash(hash);
    }
  }

  /** A request that failed; the socket stays open. */
  record Failure(
      @Nullable Long id,
      String code,
      String message,
      Retry retry,
      @Nullable Long retryAfterMs,
      @Nullable Current current,
      @Nullable List<ObjectKey> need,
      @Nullable Integer upto)
      implements ServerOp {
    public Failure {
      Check.count("id", id);
      Check.code(code);
      Check.text("message", message, 4_096);
      Check.count("retry_after_ms", retryAfterMs);
      need = need == null ? null : Check.list("need", need, 0, Limits.GONE_PER_PAGE);
      Check.range("upto", upto, 0, Limits.OBJECT_BYTES);
    }

    /** The code as this version knows it; empty for one of a later version. */
    public Optional<ErrorCode> known() {
      return ErrorCode.of(code);
    }
  }
}
