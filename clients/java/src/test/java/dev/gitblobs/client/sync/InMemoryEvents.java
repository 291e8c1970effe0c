package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.EventItem;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.Party;
import dev.gitblobs.protocol.ServerOp;
import dev.gitblobs.protocol.SizedKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The events of an {@link InMemoryRelay}, where its refs stand, and what its pushes declared. */
final class InMemoryEvents {
  /** How a push or a kept message came out: its event, or why there is none. */
  record Published(@Nullable EventItem event, boolean isNew, @Nullable ServerOp refusal) {
    static Published refused(ServerOp refusal) {
      return new Published(null, false, refusal);
    }
  }

  private record Name(String device, String mid) {}

  private final List<EventItem> retained = new ArrayList<>();

  /** Notes of refs, where they have one. */
  private final Map<String, String> notes = new HashMap<>();

  private final TreeMap<String, String> refs = new TreeMap<>();
  private final Map<Name, LinkedHashMap<ObjectKey, SizedKey>> lists = new HashMap<>();
  private long head;

  /** Number of the newest event, retained or not. */
  long head() {
    return head;
  }

  /** Number of the oldest retained event, or of the next one. */
  long oldest() {
    return retained.isEmpty() ? head + 1 : retained.get(0).seq();
  }

  List<EventItem> after(long seq) {
    return retained.stream().filter(event -> event.seq() > seq).toList();
  }

  @Nullable String ref(String name) {
    return refs.get(name);
  }

  List<ServerOp.Head> refs() {
    return refs.entrySet().stream()
        .map(ref -> new ServerOp.Head(ref.getKey(), ref.getValue(), notes.get(ref.getKey())))
        .toList();
  }

  /** What a retained event's push declared. */
  List<ObjectKey> declaredBy(EventItem event) {
    return List.copyOf(list(new Name(event.device(), event.mid())).keySet());
  }

  private Map<ObjectKey, SizedKey> list(Name name) {
    return lists.getOrDefault(name, new LinkedHashMap<>());
  }

  /** Declares a list under its push; false if that has too many objects then. */
  boolean declare(String device, ClientOp.Have have, int objectsAtMost) {
    if (find(device, have.mid()).isPresent()) {
      return true;
    }
    Name name = new Name(device, have.mid());
    LinkedHashMap<ObjectKey, SizedKey> grown = new LinkedHashMap<>(list(name));
    have.objects().forEach(key -> grown.putIfAbsent(key.key(), key));
    if (grown.size() > objectsAtMost) {
      return false;
    }
    lists.put(name, grown);
    return true;
  }

  Published push(String device, ClientOp.Push push, InMemoryObjects objects) {
    Optional<EventItem> before = find(device, push.mid());
    if (before.isPresent()) {
      return again(before.get(), isOf(before.get(), push), push.id());
    }
    String current = refs.get(push.ref());
    if (!Objects.equals(current, push.oldHash())) {
      return Published.refused(Failures.conflict(push.id(), current));
    }
    Map<ObjectKey, SizedKey> list = list(new Name(device, push.mid()));
    if (!objects.haveSizes(List.copyOf(list.values()))) {
      return Published.refused(Failures.of(push.id(), ErrorCode.SIZE_MISMATCH));
    }
    List<ObjectKey> missing = list.keySet().stream().filter(key -> !objects.contains(key)).toList();
    if (!missing.isEmpty()) {
      return Published.refused(Failures.missing(push.id(), missing));
    }
    if (isOneNoteTooMany(push)) {
      return Published.refused(Failures.of(push.id(), ErrorCode.TOO_MANY));
    }
    move(push.ref(), push.newHash(), push.note());
    long bytes = list.values().stream().mapToLong(SizedKey::size).sum();
    return add(
        new EventItem.Pushed(
            head + 1,
            0,
            InMemoryRelay.MEMBER,
            device,
            push.mid(),
            push.ref(),
            push.oldHash(),
            push.newHash(),
            list.size(),
            bytes,
            push.note()));
  }

  Published keep(String device, ClientOp.Send send) {
    EventItem.Kept kept =
        new EventItem.Kept(
            head + 1, 0, InMemoryRelay.MEMBER, device, send.mid(), send.to(), inBase64(send));
    Optional<EventItem> before = find(device, send.mid());
    return before.isPresent()
        ? again(before.get(), isOf(before.get(), send), send.id())
        : add(kept);
  }

  /** The events up to this one have expired. */
  void expire(long upto) {
    retained.removeIf(event -> event.seq() <= upto);
  }

  /** The store's data was put back in time: to where this event had just happened. */
  void restoreTo(long seq) {
    List<EventItem> undone = new ArrayList<>(after(seq));
    Collections.reverse(undone);
    for (EventItem event : undone) {
      if (event instanceof EventItem.Pushed pushed) {
        move(pushed.ref(), pushed.oldHash(), null);
      }
    }
    retained.removeAll(undone);
    for (EventItem event : retained) {
      if (event instanceof EventItem.Pushed pushed && pushed.newHash() != null) {
        move(pushed.ref(), pushed.newHash(), pushed.note());
      }
    }
    head = seq;
  }

  private boolean isOneNoteTooMany(ClientOp.Push push) {
    boolean isNoted = push.note() != null && push.newHash() != null;
    return isNoted && !notes.containsKey(push.ref()) && notes.size() >= Limits.NOTED_REFS_PER_STORE;
  }

  private void move(String ref, @Nullable String hash, @Nullable String note) {
    if (hash == null || note == null) {
      notes.remove(ref);
    } else {
      notes.put(ref, note);
    }
    if (hash == null) {
      refs.remove(ref);
    } else {
      refs.put(ref, hash);
    }
  }

  private Optional<EventItem> find(String device, String mid) {
    return retained.stream()
        .filter(event -> event.device().equals(device) && event.mid().equals(mid))
        .findFirst();
  }

  private static boolean isOf(EventItem event, ClientOp.Push push) {
    return event instanceof EventItem.Pushed pushed
        && pushed.ref().equals(push.ref())
        && Objects.equals(pushed.oldHash(), push.oldHash())
        && Objects.equals(pushed.newHash(), push.newHash())
        && Objects.equals(pushed.note(), push.note());
  }

  private static boolean isOf(EventItem event, ClientOp.Send send) {
    return event instanceof EventItem.Kept kept
        && Objects.equals(kept.to(), send.to())
        && Objects.equals(kept.body(), inBase64(send));
  }

  private static String inBase64(ClientOp.Send send) {
    return Base64.getEncoder().encodeToString(send.body().bytes());
  }

  private static Published again(EventItem event, boolean isSame, long id) {
    return isSame
        ? new Published(event, false, null)
        : Published.refused(Failures.of(id, ErrorCode.MID_REUSED));
  }

  private Published add(EventItem event) {
    head = event.seq();
    retained.add(event);
    return new Published(event, true, null);
  }

  /** An event as a device may see it: the body of a message only if it is meant for it. */
  static EventItem seenBy(EventItem event, String device) {
    boolean isHidden =
        event instanceof EventItem.Kept kept
            && kept.to() != null
            && !new Party(InMemoryRelay.MEMBER, device).equals(kept.to());
    if (!isHidden) {
      return event;
    }
    EventItem.Kept kept = (EventItem.Kept) event;
    return new EventItem.Kept(
        kept.seq(), kept.at(), kept.by(), kept.device(), kept.mid(), kept.to(), null);
  }
}
