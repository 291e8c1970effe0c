package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.Revision;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Tree;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file as users name it: {@code NAME}, or {@code NAME@REVISION}. A file that is called so goes
 * first, because names may hold the sign too.
 *
 * @param commit null where no revision was said
 */
record FileAt(String path, @Nullable Commit commit) {
  static FileAt parse(Repository repository, String text) {
    if (repository.files().entry(text).isPresent()) {
      return new FileAt(text, null);
    }
    for (int at = text.indexOf('@', 1); at >= 0; at = text.indexOf('@', at + 1)) {
      String name = text.substring(0, at);
      Optional<Commit> commit =
          Revision.find(repository.store(), text.substring(at + 1))
              .filter(found -> tree(repository, found).entry(name).isPresent());
      if (commit.isPresent()) {
        return new FileAt(name, commit.get());
      }
    }
    return new FileAt(text, null);
  }

  private static Tree tree(Repository repository, Commit commit) {
    return repository.store().tree(commit.tree());
  }
}
