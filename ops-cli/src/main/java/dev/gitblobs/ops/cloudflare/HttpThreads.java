package dev.gitblobs.ops.cloudflare;

import java.util.List;

/**
 * The threads in which Java's HTTP clients wait for answers. One that waits in native code when the
 * process ends holds that up by 300 ms (HotSpot gives such threads that long to come back).
 */
public final class HttpThreads {
  private static final String NAME_END = "-SelectorManager";

  private HttpThreads() {}

  /** Ends them; no client may be used any more. */
  public static void end() {
    waiting().forEach(Thread::interrupt);
  }

  /** Those that there are, by the name that the JDK gives them. */
  static List<Thread> waiting() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith(NAME_END))
        .toList();
  }
}
