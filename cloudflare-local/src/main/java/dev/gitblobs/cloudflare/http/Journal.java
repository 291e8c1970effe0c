package dev.gitblobs.cloudflare.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest calls that the API was asked, so that a test can tell what a client really sent. */
public final class Journal {
  private static final int KEPT = 1_000;

  /**
   * One call.
   *
   * @param path below the API's root, without the query
   * @param status 0 where the connection was cut instead of an answer
   */
  public record Entry(String method, String path, int status) {}

  private final Deque<Entry> entries = new ArrayDeque<>();

  synchronized void add(Entry entry) {
    if (entries.size() == KEPT) {
      entries.removeFirst();
    }
    entries.addLast(entry);
  }

  /** The calls since the last {@link #clear}, the oldest first. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Forgets them all. */
  public synchronized void clear() {
    entries.clear();
  }
}
