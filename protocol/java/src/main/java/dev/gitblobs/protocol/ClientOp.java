package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a client (PROTOCOL.md 5). Every record checks its fields and throws {@link
 * IllegalArgumentException} for a value the protocol does not allow.
 */
public sealed interface ClientOp extends Op {

  /** Names the device and opens the conversation; the first operation of a socket. */
  record Hello(
      int proto,
      String device,
      @Nullable Long after,
      @Nullable String epoch,
      @Nullable List<String> features)
      implements ClientOp {
    public Hello {
      Check.range("proto", proto, 0, Integer.MAX_VALUE);
      Check.device("device", device);
      Check.count("after", after);
      Check.epoch(epoch);
      features = Check.features(features);
      Check.that("epoch", (after == null) == (epoch == null));
    }
  }

  /** Declares objects of the push {@code mid} and asks which are needed. */
  record Have(long id, String mid, List<SizedKey> objects) implements ClientOp {
    public Have {
      Check.count("id", id);
      Check.mid(mid);
      objects = Check.list("objects", objects, 1, Limits.OBJECTS_PER_OP);
      Check.distinct("objects", objects.stream().map(SizedKey::key));
    }
  }

  /** Stores one whole object. */
  record Put(
      long id, ObjectType type, String hash, int len, @Nullable Integer ttl, @JsonIgnore Body body)
      implements ClientOp {
    public Put {
      Check.count("id", id);
      Check.hash(hash);
      Check.range("len", len, 0, Limits.PUT_BYTES);
      Check.ttl(ttl);
      Check.body(len, body);
    }

    /** A put of these bytes under the hash they have. */
    public static Put of(long id, ObjectType type, Body body) {
      return new Put(id, type, body.sha256(), body.length(), null, body);
    }
  }

  /** Stores one piece of an object. */
  record Chunk(
      long id,
      ObjectType type,
      String hash,
      int size,
      int offset,
      int len,
      @Nullable Integer ttl,
      @JsonIgnore Body body)
      implements ClientOp {
    public Chunk {
      Check.count("id", id);
      Check.hash(hash);
      Check.range("size", size, 0, Limits.OBJECT_BYTES);
      Check.range("offset", offset, 0, Limits.OBJECT_BYTES);
      Check.range("len", len, 1, Limits.CHUNK_BYTES);
      Check.ttl(ttl);
      Check.body(len, body);
    }
  }

  /** Moves a ref; null means that the ref is not there. */
  record Push(
      long id,
      String mid,
      String ref,
      @JsonProperty("old") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String oldHash,
      @JsonProperty("new") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String newHash,
      @Nullable Integer ttl,
      @Nullable String note)
      implements ClientOp {
    public Push {
      Check.count("id", id);
      Check.mid(mid);
      Check.ref(ref);
      Check.hash(oldHash);
      Check.hash(newHash);
      Check.ttl(ttl);
      Check.note(note);
    }
  }

  /** Keeps what was pushed from expiring for so long. */
  record Renew(long id, @Nullable Integer ttl) implements ClientOp {
    public Renew {
      Check.count("id", id);
      Check.ttl(ttl);
    }
  }

  /** Asks for a page of events. */
  record Pull(long id, long after, int limit) implements ClientOp {
    public Pull {
      Check.count("id", id);
      Check.count("after", after);
      Check.range("limit", limit, 1, Limits.EVENTS_PER_PAGE);
    }
  }

  /** Asks for the objects of all pushes in a span of events. */
  record Fetch(long id, long after, @Nullable Long until, @Nullable String next)
      implements ClientOp {
    public Fetch {
      Check.count("id", id);
      Check.count("after", after);
      Check.count("until", until);
      Check.next(next);
    }
  }

  /** Asks for objects by name. */
  record Get(long id, List<ObjectKey> objects, @Nullable String next) implements ClientOp {
    public Get {
      Check.count("id", id);
      objects = Check.list("objects", objects, 1, Limits.OBJECTS_PER_OP);
      Check.distinct("objects", objects.stream());
      Check.next(next);
    }
  }

  /** Relays bytes to the other devices, or to one. */
  record Send(
      long id,
      String mid,
      @Nullable Party to,
      @Nullable Boolean keep,
      @Nullable Integer ttl,
      int len,
      @JsonIgnore Body body)
      implements ClientOp {
    public Send {
      Check.count("id", id);
      Check.mid(mid);
      Check.ttl(ttl);
      Check.range("len", len, 0, Limits.MESSAGE_BYTES);
      Check.body(len, body);
    }
  }

  /** Asks the other devices for objects the relay no longer has. */
  record Need(long id, List<ObjectKey> objects) implements ClientOp {
    public Need {
      Check.count("id", id);
      objects = Check.list("objects", objects, 1, Limits.OBJECTS_PER_OP);
      Check.distinct("objects", objects.stream());
    }
  }

  /** Says something of this device, in base64; no state takes it back. */
  record Presence(@Nullable String state) implements ClientOp {
    public Presence {
      Check.base64("state", state, 0, Limits.STATE_BYTES);
    }
  }

  /** Renews the socket's access token. */
  record Auth(String token) implements ClientOp {
    public Auth {
      Check.that("token", !token.isEmpty());
      Check.text("token", token, Limits.TOKEN_BYTES);
    }

    @Override
    public String toString() {
      return "Auth[token=***]";
    }
  }
}
