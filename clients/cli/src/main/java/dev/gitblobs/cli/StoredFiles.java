package dev.gitblobs.cli;

import dev.gitblobs.client.object.Tree;
import java.util.ArrayList;
import java.util.List;

/** Which files of a tree a name stands for: the file, or all below a folder of that name. */
final class StoredFiles {
  private StoredFiles() {}

  /** The names; the name itself where there is nothing of it, for the store to refuse. */
  static List<String> named(Tree tree, String name) {
    if (tree.entry(name).isPresent()) {
      return List.of(name);
    }
    String folder = asFolder(name);
    List<String> inside = new ArrayList<>();
    for (String path : tree.entries().keySet()) {
      if (path.startsWith(folder)) {
        inside.add(path);
      }
    }
    return inside.isEmpty() ? List.of(name) : inside;
  }

  /** With one slash at its end. */
  static String asFolder(String name) {
    return name.endsWith("/") ? name : name + "/";
  }
}
