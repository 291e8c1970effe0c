package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.CommitWalk;
import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.FileStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How users name a commit: HEAD, a ref, a hash or the beginning of one, each perhaps with {@code
 * ~N} for its N-th first parent.
 */
final class Revision {
  private static final Pattern FORM = Pattern.compile("([^~]+)(?:~([0-9]{0,6}))?");
  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{4,63}");

  private Revision() {}

  /** The commit. Throws {@link FailedException} when there is none, or several. */
  static Commit resolve(Repository repository, String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new FailedException("Not a commit: " + text);
    }
    Commit commit = start(repository, form.group(1));
    String steps = form.group(2);
    int back = steps == null ? 0 : steps.isEmpty() ? 1 : Integer.parseInt(steps);
    for (int i = 0; i < back; i++) {
      if (commit.parents().isEmpty()) {
        throw new FailedException(text + " goes back before the first commit.");
      }
      commit = repository.store().commit(commit.parents().get(0));
    }
    return commit;
  }

  private static Commit start(Repository repository, String name) {
    FileStore store = repository.store();
    if (name.equals("HEAD") || name.equals("@")) {
      return repository.head().orElseThrow(() -> new FailedException("The store has no commit."));
    }
    Optional<Hash> ref = Optional.ofNullable(store.refs().get(name));
    if (ref.isPresent()) {
      return store.commit(ref.get());
    }
    Optional<Hash> hash = Hash.parse(name);
    if (hash.isPresent()) {
      return store
          .find(new ObjectId(ObjectType.COMMIT, hash.get()))
          .map(Commit.class::cast)
          .orElseThrow(() -> new FailedException("The store has no commit " + name + "."));
    }
    return byPrefix(repository, name);
  }

  /** Looks along the history, so that the objects need not be listed. */
  private static Commit byPrefix(Repository repository, String prefix) {
    List<Commit> found = new ArrayList<>();
    if (PREFIX.matcher(prefix).matches()) {
      CommitWalk walk = repository.log();
      while (walk.hasNext()) {
        Commit commit = walk.next();
        if (commit.hash().hex().startsWith(prefix)) {
          found.add(commit);
        }
      }
    }
    if (found.isEmpty()) {
      throw new FailedException(
          "There is no commit "
              + prefix
              + ": say HEAD, HEAD~N, a ref, or at least four digits of a commit's hash.");
    }
    if (found.size() > 1) {
      throw new FailedException("Several commits begin with " + prefix + ": say more digits.");
    }
    return found.get(0);
  }
}
