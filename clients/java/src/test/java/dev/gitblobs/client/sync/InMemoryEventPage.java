package dev.gitblobs.client.sync;

import dev.gitblobs.client.sync.InMemoryPageGate.Moment;
import dev.gitblobs.protocol.CloseCode;
import dev.gitblobs.protocol.Codec;
import dev.gitblobs.protocol.ErrorCode;
import dev.gitblobs.protocol.EventItem;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ServerOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A page of events on its way to a device: it is read, and then sent, and others may come in
 * between. With the last one a connection goes live, at the very moment nothing is missing.
 */
final class InMemoryEventPage implements BooleanSupplier {
  private final InMemoryEvents events;
  private final InMemoryPageGate gate;
  private final InMemoryConnection to;
  private final @Nullable Long id;
  private final long after;
  private final int limit;

  /** What was read and not sent yet, and the newest event when that began. */
  private @Nullable List<EventItem> items;

  private long published = -1;
  private boolean isWhole;

  InMemoryEventPage(
      InMemoryEvents events,
      InMemoryPageGate gate,
      InMemoryConnection to,
      @Nullable Long id,
      long after,
      int limit) {
    this.events = events;
    this.gate = gate;
    this.to = to;
    this.id = id;
    this.after = after;
    this.limit = limit;
  }

  /** Goes as far as it can; says whether it is done. */
  @Override
  public boolean getAsBoolean() {
    while (true) {
      List<EventItem> page = items;
      if (page == null) {
        published = published < 0 ? events.head() : published;
        if (gate.isClosed(Moment.READING)) {
          return false;
        }
        if (gate.fails()) {
          refuse();
          return true;
        }
        page = read();
        items = page;
      }
      if (gate.isClosed(Moment.SENDING)) {
        return false;
      }
      long last = page.isEmpty() ? 0 : page.get(page.size() - 1).seq();
      long covered = isWhole ? Math.max(last, published) : last;
      boolean hasMore = covered < events.head();
      if (!hasMore || !page.isEmpty()) {
        to.answer(new ServerOp.Events(id, page, hasMore));
        to.isLive |= !hasMore;
        return true;
      }
      items = null;
      published = -1;
    }
  }

  /** The page behind a welcome has no id by which it could be answered. */
  private void refuse() {
    if (id == null) {
      to.close(CloseCode.INTERNAL);
    } else {
      to.answer(Failures.later(id, ErrorCode.UNAVAILABLE));
    }
  }

  /** As many as a frame holds. */
  private List<EventItem> read() {
    List<EventItem> missed = events.after(after);
    List<EventItem> page = new ArrayList<>();
    int bytes = 256;
    for (EventItem event : missed) {
      EventItem seen = InMemoryEvents.seenBy(event, to.device);
      bytes += Codec.weight(new ServerOp.Event(seen));
      if (page.size() == limit || (!page.isEmpty() && bytes > Limits.FRAME_BYTES)) {
        break;
      }
      page.add(seen);
    }
    isWhole = page.size() == missed.size();
    return page;
  }
}
