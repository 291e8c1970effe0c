package dev.gitblobs.ops.terminal;

/**
 * While it is open, the end of this process from outside (Ctrl-C, a closed terminal, kill) is told:
 * what stands, and how to go on. The exit status stays the signal's, as Java sets it.
 */
public final class Interruption implements AutoCloseable {
  /**
   * A reader that has stopped reading must not keep the process from ending. Long enough to load
   * what writes JSON on a busy machine, which took more than half a second.
   */
  private static final long PATIENCE_MILLIS = 10_000;

  private final Thread hook;

  private Interruption(Terminal terminal) {
    hook = new Thread(() -> tell(terminal), "interruption");
  }

  /**
   * Tells it there.
   *
   * @param terminal on streams that nobody else in this process writes to
   */
  public static Interruption toldTo(Terminal terminal) {
    Interruption interruption = new Interruption(terminal);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private static void tell(Terminal terminal) {
    Thread teller =
        new Thread(
            () ->
                terminal.failure(
                    "Ended in the middle. What was told as done stands, and what was under way may.",
                    "Run the same command again: it goes on from what is there."));
    teller.setDaemon(true);
    teller.start();
    try {
      teller.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The work is done. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is ending, which was told
    }
  }
}
