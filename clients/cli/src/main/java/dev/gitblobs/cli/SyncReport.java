package dev.gitblobs.cli;

import dev.gitblobs.client.history.MergeOutcome;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.sync.NoStoreException;
import dev.gitblobs.client.sync.SyncOutcome;
import dev.gitblobs.client.sync.SyncProgress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Shows an exchange with a relay while it goes on and says what came of it. */
final class SyncReport implements SyncProgress, AutoCloseable {
  private final Gitblobs root;
  private final Progress receiving;
  private final Progress sending;

  SyncReport(Gitblobs root) {
    this.root = root;
    this.receiving = root.output().progress("Receiving objects");
    this.sending = root.output().progress("Sending objects");
  }

  @Override
  public void report(Phase phase, long done, long all) {
    switch (phase) {
      case RECEIVING -> receiving.accept(done);
      case SENDING -> sending.accept(done, all);
      case MAKING_STORE ->
          root.output().note("The relay has no store of that name yet; making it.");
      case LEAVING_OUT ->
          root.output()
              .note(
                  "A deleted file is too large for the relay; writing the commits that are not"
                      + " pushed yet again without it.");
      case RECONNECTING ->
          root.output().note("The connection was cut; trying again (" + done + " of " + all + ").");
    }
  }

  @Override
  public void close() {
    receiving.close();
  }

  /** Prints the outcome; returns the exit code. */
  int report(SyncOutcome outcome) {
    if (outcome instanceof SyncOutcome.Done done && !done.open().isEmpty()) {
      return open(done);
    }
    if (outcome instanceof SyncOutcome.Done done) {
      return root.done(json(done), () -> root.output().line(text(done)));
    }
    if (outcome instanceof SyncOutcome.NeedsMerge needed) {
      return needsMerge(needed);
    }
    if (outcome instanceof SyncOutcome.Behind behind) {
      return failed(
          "behind",
          "The relay has commits that are not here. Pull first, then push.",
          "theirs",
          behind.theirs());
    }
    if (outcome instanceof SyncOutcome.Gone gone) {
      return failed(
          "gone",
          "The relay no longer has "
              + gone.objects().size()
              + " objects of its newest commit, and no connected device has them. Connect one that"
              + " does (`gitblobs sync --watch` there) and try again.",
          "theirs",
          gone.theirs());
    }
    if (outcome instanceof SyncOutcome.Unfit unfit) {
      return unfit(unfit);
    }
    throw new AssertionError(outcome);
  }

  /** The relay does not have the store: says what there is to decide; returns the exit code. */
  int noStore(NoStoreException missing) {
    String text =
        missing.isRemoved()
            ? "The store was removed from the relay. This copy is as it was: keep it without a relay,"
                + " or make the store anew from it with `gitblobs sync --make-anew`."
            : "The relay has no such store. `gitblobs push` and `gitblobs sync` make one; where this"
                + " copy belonged to one that is gone, with --make-anew.";
    return root.failed(
        Json.object(
            "result", Json.of(missing.isRemoved() ? "store_removed" : "no_store"),
            "message", Json.of(text)),
        () -> root.output().line(text));
  }

  /** All has travelled but what is to be decided. */
  private int open(SyncOutcome.Done done) {
    Hash head = Objects.requireNonNull(done.head());
    Hash theirs =
        done.merge() instanceof MergeOutcome.Merged merged
            ? merged.commit().parents().get(1)
            : head;
    root.output().note(text(done));
    return MergeCommand.open(root, head, theirs, done.open());
  }

  private int needsMerge(SyncOutcome.NeedsMerge needed) {
    int exit = MergeCommand.report(root, needed.merge());
    root.output()
        .note(
            "The relay's commits are in the store. Decide with `gitblobs merge "
                + needed.theirs()
                + " ...`, then sync again.");
    return exit;
  }

  private int failed(String result, String text, String name, Hash hash) {
    return root.failed(
        Json.object("result", Json.of(result), name, Json.of(hash.hex()), "message", Json.of(text)),
        () -> root.output().line(text));
  }

  private int unfit(SyncOutcome.Unfit unfit) {
    String path = unfit.path();
    String text =
        path == null
            ? "Cannot push " + unfit.object() + ": " + unfit.reason() + "."
            : "Cannot push the file "
                + SafeText.line(path)
                + ": "
                + unfit.reason()
                + ". Delete it (`gitblobs rm`), or keep it out of all that is not pushed yet with"
                + " `gitblobs push --leave-out NAME`; then push again.";
    return root.failed(
        Json.object(
            "result", Json.of("unfit"),
            "object", Json.of(unfit.object().hash().hex()),
            "file", path == null ? Json.Nil.NULL : Json.of(path),
            "message", Json.of(text)),
        () -> root.output().line(text));
  }

  private static Json json(SyncOutcome.Done done) {
    Hash head = done.head();
    return Json.object(
        "result", Json.of("done"),
        "head", head == null ? Json.Nil.NULL : Json.of(head.hex()),
        "merge", Json.of(mergeName(done.merge())),
        "received", Json.of((double) done.objectsReceived()),
        "sent", Json.of((double) done.objectsSent()),
        "pushed", Json.of(done.isPushed()));
  }

  private static String mergeName(@Nullable MergeOutcome merge) {
    if (merge instanceof MergeOutcome.Merged) {
      return "merged";
    }
    return merge instanceof MergeOutcome.FastForwarded ? "fast-forward" : "none";
  }

  private static String text(SyncOutcome.Done done) {
    List<String> parts = new java.util.ArrayList<>();
    if (done.objectsReceived() > 0) {
      parts.add("received %,d objects".formatted(done.objectsReceived()));
    }
    if (done.merge() instanceof MergeOutcome.Merged) {
      parts.add("merged");
    }
    if (done.isPushed()) {
      parts.add("sent %,d objects".formatted(done.objectsSent()));
    }
    Hash head = done.head();
    String at = head == null ? "no commit yet" : "HEAD is " + head.brief();
    return parts.isEmpty()
        ? "Up to date; " + at + "."
        : "Done: " + String.join(", ", parts) + "; " + at + ".";
  }
}
