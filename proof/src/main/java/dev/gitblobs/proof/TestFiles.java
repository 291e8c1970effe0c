package dev.gitblobs.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The files of a checkout that hold tests of their own, by the names that runners look for. */
final class TestFiles {
  private static final Pattern JAVA = Pattern.compile("(\\w+(?:Test|IT))\\.java");
  private static final Pattern SCRIPT = Pattern.compile(".+\\.test\\.(?:ts|mjs)");
  private static final Set<String> NOT_OURS =
      Set.of("node_modules", "target", "dist", ".git", ".gitblobs");

  private TestFiles() {}

  /** Java classes by their simple names, scripts by their paths from the checkout's root. */
  static Set<String> in(Path root) throws IOException {
    Set<String> found = new TreeSet<>();
    for (Path file : CheckoutFiles.below(root, NOT_OURS)) {
      String name = String.valueOf(file.getFileName());
      var type = JAVA.matcher(name);
      if (type.matches() && !Files.readString(file).contains("abstract class " + type.group(1))) {
        found.add(type.group(1));
      } else if (SCRIPT.matcher(name).matches()) {
        found.add(root.relativize(file).toString());
      }
    }
    return found;
  }

  /**
   * Whether a runner that told this name ran this file; runners tell paths from where they stood.
   */
  static boolean isOf(String file, String told) {
    return file.equals(told) || told.endsWith("/" + file) || file.endsWith("/" + told);
  }
}
