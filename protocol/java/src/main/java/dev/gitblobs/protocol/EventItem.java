package dev.gitblobs.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** One entry of a store's history of changes: gap-free, ordered and unique by {@code seq}. */
public sealed interface EventItem {
  /** Number of the event in its store, from 1. */
  long seq();

  /** When the relay took it, in milliseconds of its clock. */
  long at();

  /** The member whose device sent it. */
  String by();

  /** The device that sent it. */
  String device();

  /** The sender's own name for it. */
  String mid();

  /** A ref moved; {@code objects} and {@code bytes} are what its push declared. */
  record Pushed(
      long seq,
      long at,
      String by,
      String device,
      String mid,
      String ref,
      @JsonProperty("old") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String oldHash,
      @JsonProperty("new") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String newHash,
      long objects,
      long bytes,
      @Nullable String note)
      implements EventItem {
    public Pushed {
      Check.count("seq", seq);
      Check.count("at", at);
      Check.member("by", by);
      Check.device("device", device);
      Check.mid(mid);
      Check.ref(ref);
      Check.hash(oldHash);
      Check.hash(newHash);
      Check.count("objects", objects);
      Check.count("bytes", bytes);
      Check.note(note);
    }
  }

  /**
   * A kept message, its body in base64; without one when it is for another device or has expired.
   */
  record Kept(
      long seq,
      long at,
      String by,
      String device,
      String mid,
      @Nullable Party to,
      @Nullable String body)
      implements EventItem {
    public Kept {
      Check.count("seq", seq);
      Check.count("at", at);
      Check.member("by", by);
      Check.device("device", device);
      Check.mid(mid);
      Check.base64("body", body, 0, Limits.MESSAGE_BYTES);
    }
  }
}
