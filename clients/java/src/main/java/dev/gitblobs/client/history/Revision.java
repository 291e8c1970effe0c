package dev.gitblobs.client.history;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.FileStore;
import dev.gitblobs.client.store.HeadStep;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How people name a commit, as for git: {@code HEAD}, {@code @}, a ref, a hash or its beginning;
 * behind it {@code ~N} for the N-th first parent, {@code ^N} for the N-th parent; {@code HEAD@{N}}
 * for where the head was N steps ago, and {@code HEAD@{2026-11-01}} for the newest commit of that
 * day or before, by the commits' own dates.
 */
public final class Revision {
  private static final Pattern FORM =
      Pattern.compile("([^~^@]+|@(?!\\{))?(?:@\\{([^}]+)\\})?((?:[~^][0-9]{0,6})*)");
  private static final Pattern STEP = Pattern.compile("([~^])([0-9]{0,6})");
  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{4,63}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final FileStore store;
  private final String text;

  private Revision(FileStore store, String text) {
    this.store = store;
    this.text = text;
  }

  /**
   * The commit. Throws {@link NoSuchRevisionException}, with what to say, when there is none, or
   * several.
   */
  public static Commit resolve(FileStore store, String text) {
    return new Revision(store, text).resolve();
  }

  /** The commit, or empty when there is none, or several. */
  public static Optional<Commit> find(FileStore store, String text) {
    try {
      return Optional.of(resolve(store, text));
    } catch (NoSuchRevisionException e) {
      return Optional.empty();
    }
  }

  private Commit resolve() {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || (form.group(1) == null && form.group(2) == null)) {
      throw new NoSuchRevisionException("Not a commit: " + text);
    }
    String said = form.group(1);
    String name = said == null || said.equals("@") ? "HEAD" : said;
    String place = form.group(2);
    Commit commit = place == null ? start(name) : back(name, place);
    Matcher steps = STEP.matcher(form.group(3));
    while (steps.find()) {
      int count = steps.group(2).isEmpty() ? 1 : Integer.parseInt(steps.group(2));
      commit = steps.group(1).equals("~") ? ancestor(commit, count) : parent(commit, count);
    }
    return commit;
  }

  private Commit ancestor(Commit from, int count) {
    Commit commit = from;
    for (int i = 0; i < count; i++) {
      commit = parent(commit, 1);
    }
    return commit;
  }

  /** As for git, parent 0 is the commit itself. */
  private Commit parent(Commit commit, int number) {
    if (number == 0) {
      return commit;
    }
    if (commit.parents().isEmpty()) {
      throw new NoSuchRevisionException(text + " goes back before the first commit.");
    }
    if (number > commit.parents().size()) {
      throw new NoSuchRevisionException(text + ": that commit has no parent " + number + ".");
    }
    return store.commit(commit.parents().get(number - 1));
  }

  private Commit start(String name) {
    if (name.equals("HEAD")) {
      return store
          .head()
          .map(store::commit)
          .orElseThrow(() -> new NoSuchRevisionException("The store has no commit."));
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
          .orElseThrow(() -> new NoSuchRevisionException("There is no commit " + name + "."));
    }
    if (!PREFIX.matcher(name).matches()) {
      throw new NoSuchRevisionException("There is no ref and no commit " + name + ".");
    }
    return byPrefix(name);
  }

  private Commit byPrefix(String prefix) {
    List<Hash> tips = new ArrayList<>(store.refs().values());
    store.head().ifPresent(tips::add);
    List<Commit> found = beginningWith(prefix, tips);
    if (found.isEmpty()) {
      // What was undone is in no history any more, and still to be named.
      List<HeadStep> steps = store.headLog().steps(store.head());
      found = beginningWith(prefix, steps.stream().map(HeadStep::after).distinct().toList());
    }
    if (found.size() != 1) {
      throw new NoSuchRevisionException(
          found.isEmpty()
              ? "No commit of HEAD or a ref begins with " + prefix + "."
              : "Several commits begin with " + prefix + ": say more of it.");
    }
    return found.get(0);
  }

  private List<Commit> beginningWith(String prefix, List<Hash> tips) {
    List<Commit> found = new ArrayList<>();
    new CommitWalk(store, tips)
        .forEachRemaining(
            commit -> {
              if (commit.hash().hex().startsWith(prefix)) {
                found.add(commit);
              }
            });
    return found;
  }

  private Commit back(String name, String place) {
    if (!NUMBER.matcher(place).matches()) {
      return asOf(start(name), moment(place));
    }
    if (!name.equals("HEAD")) {
      throw new NoSuchRevisionException(text + ": only HEAD has steps; say HEAD@{" + place + "}.");
    }
    int count = Integer.parseInt(place);
    if (count == 0) {
      return start(name);
    }
    List<HeadStep> steps = store.headLog().steps(store.head());
    Hash before = count > steps.size() ? null : steps.get(steps.size() - count).before();
    if (before == null) {
      throw new NoSuchRevisionException(
          text + " goes back before the first of the " + steps.size() + " steps that are known.");
    }
    return store.commit(before);
  }

  private Commit asOf(Commit tip, String moment) {
    CommitWalk walk = new CommitWalk(store, List.of(tip.hash()));
    while (walk.hasNext()) {
      Commit commit = walk.next();
      if (commit.committer().timestamp().compareTo(moment) <= 0) {
        return commit;
      }
    }
    throw new NoSuchRevisionException(text + " is before the first commit.");
  }

  /** A day lasts to its end, in UTC, as all dates here are shown. */
  private String moment(String place) {
    try {
      return place.length() == "2026-11-01".length()
          ? LocalDate.parse(place)
              .plusDays(1)
              .atStartOfDay(ZoneOffset.UTC)
              .toInstant()
              .minusMillis(1)
              .toString()
          : Instant.parse(place.replace(' ', 'T').replaceFirst("(?<![zZ])$", "Z")).toString();
    } catch (DateTimeParseException noTime) {
      throw new NoSuchRevisionException(
          text
              + ": say a number of steps, a day as 2026-11-01, or a time as 2026-11-01T12:00:00Z.");
    }
  }
}
