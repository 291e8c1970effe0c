package dev.gitblobs.ops.deploy;

import dev.gitblobs.ops.cloudflare.Deployments;
import dev.gitblobs.ops.cloudflare.Deployments.Share;
import dev.gitblobs.ops.cloudflare.Deployments.Version;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.provision.Rollout;
import dev.gitblobs.ops.provision.Target;
import dev.gitblobs.ops.relay.RelayHealth;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;

/**
 * Lets an earlier version of the Worker serve again, within seconds: nothing is built or uploaded.
 */
public final class Rollback {
  /** The version before the one that serves. */
  public static final String PREVIOUS = "previous";

  private final Target target;
  private final Terminal terminal;
  private final Deployments deployments;

  /** Of what is up there. */
  public Rollback(Target target, Terminal terminal) {
    this.target = target;
    this.terminal = terminal;
    this.deployments = target.deployments();
  }

  /** What serves now. */
  public List<Share> serving() {
    return deployments.serving();
  }

  /** What may serve, newest first. */
  public List<Version> versions() {
    return deployments.versions();
  }

  /**
   * The version that is meant.
   *
   * @param words the beginning of a version's id or of its commit, a whole commit, or {@link
   *     #PREVIOUS}
   * @throws OpsException when it is none, or more than one
   */
  public Version choose(String words) {
    List<Version> all = versions();
    List<Version> found =
        words.equals(PREVIOUS)
            ? all.stream().filter(one -> one.number() < servingNumber(all)).limit(1).toList()
            : all.stream().filter(one -> isMeant(one, words)).toList();
    if (found.isEmpty()) {
      throw new OpsException(
          words.equals(PREVIOUS)
              ? "There is no version before the one that serves."
              : "There is no version '" + words + "' that may serve.",
          "relayctl rollback without --to lists them. One that is older is deployed from its commit.");
    }
    if (found.size() > 1 && found.stream().map(Version::commit).distinct().count() > 1) {
      throw new OpsException(
          "'" + words + "' may mean any of " + found.size() + " versions.", "Give more of it.");
    }
    return found.get(0);
  }

  /**
   * Lets it serve everything, and looks at it.
   *
   * @throws OpsException when it is not healthy; it serves nevertheless
   */
  public void to(Version version) throws InterruptedException {
    deployments.serve(Share.all(version.id()), "rolled back by relayctl");
    if (target.url() == null) {
      terminal.line("! Whether it works is not known: nobody can reach the relay.");
      return;
    }
    RelayHealth health = new Rollout(target, terminal).awaitHealth(target.url());
    if (!health.healthy()) {
      throw new OpsException(
          "Version " + version.id() + " serves, but it is not healthy: " + health.detail(),
          "Take another one by --to, or see relayctl doctor.");
    }
  }

  private long servingNumber(List<Version> all) {
    List<Share> serving = serving();
    return all.stream()
        .filter(one -> serving.stream().anyMatch(share -> share.version().equals(one.id())))
        .mapToLong(Version::number)
        .min()
        .orElse(0);
  }

  private static boolean isMeant(Version version, String words) {
    String commit = version.commit();
    return version.id().startsWith(words)
        || (commit != null
            && !commit.isEmpty()
            && (commit.startsWith(words) || words.startsWith(commit)));
  }
}
