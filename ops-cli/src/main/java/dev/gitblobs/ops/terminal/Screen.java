package dev.gitblobs.ops.terminal;

import java.util.Map;

/**
 * Who looks at the two streams of this process.
 *
 * @param outColour whether standard output may be coloured
 * @param errColour whether standard error may be coloured
 * @param isWatched whether somebody sees standard error as it comes, so that progress is worth
 *     telling
 */
public record Screen(boolean outColour, boolean errColour, boolean isWatched) {
  /** Nobody looks: files, pipes, pipelines. */
  public static final Screen NONE = new Screen(false, false, false);

  /**
   * The one of this process. The launcher says which stream is a terminal ({@code -Drelay.tty.out},
   * {@code -Drelay.tty.err}): Java itself cannot tell reliably on all versions.
   */
  public static Screen ofThisProcess() {
    return of(
        System.getenv(), Boolean.getBoolean("relay.tty.out"), Boolean.getBoolean("relay.tty.err"));
  }

  /** Colours where there is a terminal that has them, unless NO_COLOR says no (no-color.org). */
  static Screen of(Map<String, String> environment, boolean outIsTerminal, boolean errIsTerminal) {
    boolean wantsColour =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    return new Screen(outIsTerminal && wantsColour, errIsTerminal && wantsColour, errIsTerminal);
  }
}
