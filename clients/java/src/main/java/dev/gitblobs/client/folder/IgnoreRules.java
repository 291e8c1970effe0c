package dev.gitblobs.client.folder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a folder are none of the store, by git's own rules: a directory's {@code
 * .gitignore} and, after it, {@code .gitblobsignore}; those of inner directories go before those of
 * outer ones. Files that the store has already are not ignored.
 */
final class IgnoreRules {
  private static final List<String> FILES = List.of(".gitignore", ".gitblobsignore");

  /** Longer ones are no such files; what they would leave out is told as what it is. */
  private static final int LARGEST_BYTES = 1 << 20;

  /** What can be made again, unless a rule says otherwise ({@code !node_modules/}). */
  static final IgnoreRules DEFAULTS = new IgnoreRules(null, "", node("node_modules/\n"));

  private final @Nullable IgnoreRules outer;
  private final String prefix;
  private final IgnoreNode node;

  private IgnoreRules(@Nullable IgnoreRules outer, String prefix, IgnoreNode node) {
    this.outer = outer;
    this.prefix = prefix;
    this.node = node;
  }

  private static IgnoreNode node(String rules) {
    try {
      IgnoreNode node = new IgnoreNode();
      node.parse(new ByteArrayInputStream(rules.getBytes(StandardCharsets.UTF_8)));
      return node;
    } catch (IOException e) {
      throw new AssertionError("memory can be read", e);
    }
  }

  /**
   * With those of this directory.
   *
   * @param prefix its name with a slash behind it; empty for the folder itself
   */
  IgnoreRules in(Path directory, String prefix) throws IOException {
    Optional<IgnoreNode> own = Optional.empty();
    for (String name : FILES) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) <= LARGEST_BYTES) {
        IgnoreNode node = own.orElseGet(IgnoreNode::new);
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
          node.parse(in);
        }
        own = Optional.of(node);
      }
    }
    return own.map(node -> new IgnoreRules(this, prefix, node)).orElse(this);
  }

  /** Whether the last rule that says something about it says so. */
  boolean ignore(String path, boolean isDirectory) {
    for (IgnoreRules rules = this; rules != null; rules = rules.outer) {
      Boolean verdict = rules.node.checkIgnored(path.substring(rules.prefix.length()), isDirectory);
      if (verdict != null) {
        return verdict;
      }
    }
    return false;
  }
}
