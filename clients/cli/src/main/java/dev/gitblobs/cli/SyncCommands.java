package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.WorkingFolder;
import dev.gitblobs.client.history.Merger.UnrelatedPolicy;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.sync.Follower;
import dev.gitblobs.client.sync.NoStoreException;
import dev.gitblobs.client.sync.SyncOutcome;
import dev.gitblobs.client.sync.Syncer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** push, pull and sync: the same exchange in one or both directions. */
final class SyncCommands {
  private SyncCommands() {}

  private static int exchange(
      Gitblobs root,
      Syncer.Direction direction,
      ConflictChoices choices,
      UnrelatedPolicy unrelated,
      Syncer.Making making) {
    Optional<WorkingFolder> folder = WorkingFolder.of(root.repository());
    FolderExchange files = new FolderExchange(root, folder);
    try (SyncReport report = new SyncReport(root)) {
      try {
        Syncer syncer = syncer(root, report, choices, unrelated, making);
        if (direction == Syncer.Direction.BOTH) {
          files.commit();
        }
        SyncOutcome outcome = syncer.sync(direction);
        report.close();
        files.bring();
        return Math.max(files.exit(), report.report(outcome));
      } catch (NoStoreException e) {
        report.close();
        return report.noStore(e);
      }
    }
  }

  private static Syncer syncer(
      Gitblobs root,
      SyncReport report,
      ConflictChoices choices,
      UnrelatedPolicy unrelated,
      Syncer.Making making) {
    RelayAccess access = new RelayAccess(root);
    Repository repository = root.repository();
    return access.syncer(
        repository,
        access.state(repository),
        report,
        choices.resolver(root, repository),
        unrelated,
        making);
  }

  /** What is pushed: whether a removed store may come back, and what stays here. */
  static final class PushOptions {
    @Option(
        names = "--leave-out",
        paramLabel = "NAME",
        description = {
          "Take this file out of the commits that are not pushed yet, as if it had never been",
          "added: for one that is too large for the relay. Its content stays in this copy's old",
          "commits; `gitblobs undo` brings them back."
        })
    private List<String> leftOut = List.of();

    @Option(
        names = "--make-anew",
        description = "Where the store was removed from the relay, make it anew from this copy.")
    private boolean isAnew;

    Syncer.Making making() {
      return isAnew ? Syncer.Making.ANEW : Syncer.Making.WHERE_NEW;
    }

    /** Takes out what is to be left out. */
    void apply(Gitblobs root) {
      if (leftOut.isEmpty()) {
        return;
      }
      Repository repository = root.repository();
      Hash pushed = new RelayAccess(root).state(repository).head();
      List<Hash> kept = pushed == null ? List.of() : List.of(pushed);
      if (repository.leaveOut(Set.copyOf(leftOut), kept).isEmpty()) {
        throw new UsageException(
            "No commit that is not pushed yet has " + String.join(" or ", leftOut) + ".");
      }
      root.output().note("Left out of all that is not pushed: " + String.join(", ", leftOut));
    }
  }

  /** Brings local commits to the relay. */
  @Command(
      name = "push",
      mixinStandardHelpOptions = true,
      description =
          "Brings local commits to the relay, and makes the store there where it is new. Fails when"
              + " it has commits that are not here.")
  static final class Push implements Callable<Integer> {
    private final Gitblobs root;

    @Mixin private PushOptions options = new PushOptions();

    Push(Gitblobs root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      options.apply(root);
      return exchange(
          root,
          Syncer.Direction.PUSH,
          new ConflictChoices(),
          UnrelatedPolicy.REFUSE,
          options.making());
    }
  }

  /** Takes the relay's commits. */
  @Command(
      name = "pull",
      mixinStandardHelpOptions = true,
      description = "Takes the relay's commits and merges them into HEAD.")
  static final class Pull implements Callable<Integer> {
    private final Gitblobs root;

    @Mixin private ConflictChoices choices = new ConflictChoices();

    @Mixin private UnrelatedChoice unrelated = new UnrelatedChoice();

    Pull(Gitblobs root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return exchange(
          root, Syncer.Direction.PULL, choices, unrelated.policy(), Syncer.Making.NEVER);
    }
  }

  /** Both, once or for as long as it runs. */
  @Command(
      name = "sync",
      mixinStandardHelpOptions = true,
      description =
          "Pulls, merges and pushes, and makes the store at the relay where it is new; with --watch"
              + " stays connected and goes on doing so. Where the store has a folder, what changed in"
              + " it is committed before, and what arrives is written into it.",
      footerHeading = "%nExamples:%n",
      footer = {"  gitblobs --store notes sync", "  gitblobs --store notes sync --watch"})
  static final class Sync implements Callable<Integer> {
    private final Gitblobs root;

    @Mixin private ConflictChoices choices = new ConflictChoices();

    @Mixin private UnrelatedChoice unrelated = new UnrelatedChoice();

    @Mixin private PushOptions options = new PushOptions();

    @Option(names = "--watch", description = "Stay connected until interrupted.")
    private boolean isWatching;

    Sync(Gitblobs root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      options.apply(root);
      if (!isWatching) {
        return exchange(root, Syncer.Direction.BOTH, choices, unrelated.policy(), options.making());
      }
      Repository repository = root.repository();
      Optional<WorkingFolder> folder = WorkingFolder.of(repository);
      try (SyncReport report = new SyncReport(root);
          FolderWatching watching =
              folder.map(files -> FolderWatching.start(root, repository, files)).orElse(null)) {
        Follower follower =
            new Follower(
                syncer(root, report, choices, unrelated.policy(), options.making()),
                repository.store(),
                outcome -> {
                  report.report(outcome);
                  root.terminal().out().flush();
                },
                trouble -> root.output().note(trouble.getMessage() + " Trying again."));
        try {
          follower.run(() -> Thread.currentThread().isInterrupted());
          return 0;
        } catch (NoStoreException e) {
          return report.noStore(e);
        }
      }
    }
  }
}
