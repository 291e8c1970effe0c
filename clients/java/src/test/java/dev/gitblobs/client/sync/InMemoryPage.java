package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ServerOp;
import dev.gitblobs.protocol.SizedKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page of objects: what is there and what is gone of a list, until a limit ends it. The object
 * that crosses the line is still on it.
 *
 * @param end how many of the list were dealt with
 */
record InMemoryPage(List<ServerOp> bodies, int sent, List<ObjectKey> gone, int end) {
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,15})\\.0\\.(\\d{1,9})");

  static InMemoryPage of(
      InMemoryObjects objects, long id, List<ObjectKey> keys, int objectsAtMost) {
    List<ServerOp> bodies = new ArrayList<>();
    List<ObjectKey> gone = new ArrayList<>();
    long bytesLeft = Limits.PAGE_BYTES;
    int end = 0;
    for (ObjectKey key : keys) {
      if (bytesLeft <= 0 || gone.size() >= Limits.GONE_PER_PAGE || end >= objectsAtMost) {
        break;
      }
      end++;
      Body body = objects.find(key);
      if (body == null) {
        gone.add(key);
      } else {
        bytesLeft -= body.length();
        add(bodies, id, key, body);
      }
    }
    return new InMemoryPage(bodies, end - gone.size(), gone, end);
  }

  private static void add(List<ServerOp> bodies, long id, ObjectKey key, Body body) {
    int size = body.length();
    if (size <= Limits.PUT_BYTES) {
      SizedKey item = new SizedKey(key.type(), key.hash(), size);
      bodies.add(new ServerOp.Objects(id, List.of(item), body));
      return;
    }
    for (int at = 0; at < size; at += Limits.CHUNK_BYTES) {
      Body part = body.slice(at, Math.min(size, at + Limits.CHUNK_BYTES));
      bodies.add(new ServerOp.Part(id, key.type(), key.hash(), size, at, part.length(), part));
    }
  }

  /** A place among what the pushes of a span declared. */
  record Place(long seq, int index) {
    String next() {
      return seq + ".0." + index;
    }

    boolean isBefore(long otherSeq, int otherIndex) {
      return seq < otherSeq || (seq == otherSeq && index < otherIndex);
    }
  }

  /** Where a fetch begins; null when {@code next} is not of it. */
  static @Nullable Place start(long after, @Nullable String next) {
    if (next == null) {
      return new Place(after + 1, 0);
    }
    Matcher cursor = CURSOR.matcher(next);
    if (!cursor.matches() || Long.parseLong(cursor.group(1)) <= after) {
      return null;
    }
    return new Place(Long.parseLong(cursor.group(1)), Integer.parseInt(cursor.group(2)));
  }

  /** The objects that the pushes from a place on declared, each where it comes first. */
  static Map<ObjectKey, Place> places(InMemoryEvents events, Place start, long until) {
    Map<ObjectKey, Place> places = new LinkedHashMap<>();
    events.after(start.seq() - 1).stream()
        .filter(event -> event.seq() <= until)
        .forEach(
            event -> {
              List<ObjectKey> keys = events.declaredBy(event);
              for (int i = 0; i < keys.size(); i++) {
                Place place = new Place(event.seq(), i);
                if (!place.isBefore(start.seq(), start.index())) {
                  places.putIfAbsent(keys.get(i), place);
                }
              }
            });
    return places;
  }
}
