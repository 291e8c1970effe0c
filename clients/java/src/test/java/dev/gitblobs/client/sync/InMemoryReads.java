package dev.gitblobs.client.sync;

import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ServerOp;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers the {@code fetch} and {@code get} of an {@link InMemoryRelay}. */
final class InMemoryReads {
  private int pageObjects = Integer.MAX_VALUE;
  private Runnable beforePage = () -> {};
  private int delivered;

  /** Pages end after so many objects. */
  void pageOf(int objectsAtMost) {
    pageObjects = objectsAtMost;
  }

  /** Does this before each page of a fetch. */
  void beforePage(Runnable action) {
    beforePage = action;
  }

  /** Objects sent so far. */
  int delivered() {
    return delivered;
  }

  void fetch(
      InMemoryEvents events, InMemoryObjects objects, InMemoryConnection to, ClientOp.Fetch fetch) {
    beforePage.run();
    InMemoryPage.Place start = InMemoryPage.start(fetch.after(), fetch.next());
    if (start == null) {
      to.answer(Failures.of(fetch.id(), ErrorCode.BAD_NEXT));
      return;
    }
    Long asked = fetch.until();
    long until = asked == null ? events.head() : Math.min(asked, events.head());
    Map<ObjectKey, InMemoryPage.Place> places = InMemoryPage.places(events, start, until);
    List<ObjectKey> keys = List.copyOf(places.keySet());
    InMemoryPage page = deliver(objects, to, fetch.id(), keys);
    String next = null;
    if (page.end() < keys.size()) {
      next = Objects.requireNonNull(places.get(keys.get(page.end()))).next();
    }
    to.answer(new ServerOp.Done(fetch.id(), Math.max(until, fetch.after()), page.gone(), next));
  }

  void get(InMemoryObjects objects, InMemoryConnection to, ClientOp.Get get) {
    int from = placeOf(get.next());
    if (from < 0 || from >= get.objects().size()) {
      to.answer(Failures.of(get.id(), ErrorCode.BAD_NEXT));
      return;
    }
    List<ObjectKey> keys = get.objects().subList(from, get.objects().size());
    InMemoryPage page = deliver(objects, to, get.id(), keys);
    String next = page.end() == keys.size() ? null : Integer.toString(from + page.end());
    to.answer(new ServerOp.Done(get.id(), null, page.gone(), next));
  }

  private static int placeOf(@Nullable String next) {
    if (next == null) {
      return 0;
    }
    return next.matches("\\d{1,9}") ? Integer.parseInt(next) : -1;
  }

  private InMemoryPage deliver(
      InMemoryObjects objects, InMemoryConnection to, long id, List<ObjectKey> keys) {
    InMemoryPage page = InMemoryPage.of(objects, id, keys, pageObjects);
    page.bodies().forEach(to::answer);
    delivered += page.sent();
    return page;
  }
}
