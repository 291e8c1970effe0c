package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.Party;
import dev.gitblobs.protocol.ServerOp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What devices of an {@link InMemoryRelay} say to each other that is not kept, and who waits for
 * what.
 */
final class InMemoryMail {
  private record Name(String device, String mid) {}

  private record Message(@Nullable Party to, Body body) {}

  private final Map<Name, Message> sent = new HashMap<>();
  private final Map<ObjectKey, Set<String>> needs = new HashMap<>();

  ServerOp send(String from, ClientOp.Send send, List<InMemoryConnection> others) {
    Party to = send.to();
    List<InMemoryConnection> readers =
        others.stream().filter(one -> to == null || one.party().equals(to)).toList();
    if (to != null && readers.isEmpty()) {
      return Failures.of(send.id(), ErrorCode.NO_DEVICE);
    }
    Message message = new Message(to, send.body());
    Message before = sent.putIfAbsent(new Name(from, send.mid()), message);
    if (before != null && !before.equals(message)) {
      return Failures.of(send.id(), ErrorCode.MID_REUSED);
    }
    if (before == null) {
      ServerOp op =
          new ServerOp.Message(
              InMemoryRelay.MEMBER, from, send.mid(), 0, to, send.len(), send.body());
      readers.forEach(one -> one.answer(op));
    }
    return new ServerOp.Ok(send.id(), null, null, null, (long) readers.size());
  }

  ServerOp need(String from, ClientOp.Need need, List<InMemoryConnection> others) {
    for (ObjectKey key : need.objects()) {
      if (!needs.containsKey(key)) {
        others.forEach(other -> other.askedFor.remove(key));
      }
      needs.computeIfAbsent(key, any -> new HashSet<>()).add(from);
    }
    for (InMemoryConnection other : others) {
      List<ObjectKey> fresh = need.objects().stream().filter(other.askedFor::add).toList();
      if (!fresh.isEmpty()) {
        other.answer(new ServerOp.Need(InMemoryRelay.MEMBER, from, fresh));
      }
    }
    return new ServerOp.Ok(need.id(), null, null, null, (long) others.size());
  }

  /** An object is there: those who waited for it are told, once. */
  void tellWhoNeeds(ObjectKey key, List<InMemoryConnection> all) {
    Set<String> waiting = needs.remove(key);
    if (waiting != null) {
      all.stream()
          .filter(one -> waiting.contains(one.device))
          .forEach(one -> one.answer(new ServerOp.Available(List.of(key))));
    }
  }
}
