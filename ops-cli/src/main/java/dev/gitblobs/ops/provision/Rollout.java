package dev.gitblobs.ops.provision;

import dev.gitblobs.ops.cloudflare.Deployments;
import dev.gitblobs.ops.cloudflare.Deployments.Share;
import dev.gitblobs.ops.cloudflare.Deployments.Version;
import dev.gitblobs.ops.relay.RelayHealth;
import dev.gitblobs.ops.terminal.Terminal;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Makes sure that what was deployed last is what serves. */
public final class Rollout {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Deployments deployments;
  private final Terminal terminal;

  /** Of what is up there. */
  public Rollout(Target target, Terminal terminal) {
    this.deployments = target.deployments();
    this.terminal = terminal;
  }

  /**
   * Lets serve what the stack uploaded last. After a rollback another version does, and the engine
   * sees no difference: to it that bundle is deployed.
   *
   * @return whether anything had to be changed
   */
  boolean bringForward() {
    Optional<String> uploaded =
        deployments.versions().stream().filter(Version::isUpload).findFirst().map(Version::id);
    if (uploaded.isEmpty() || deployments.serving().equals(Share.all(uploaded.get()))) {
      return false;
    }
    deployments.serve(Share.all(uploaded.get()), "brought forward by relayctl");
    terminal.line("    Another version served; " + uploaded.get() + " of the stack does again");
    return true;
  }

  /**
   * Asks the relay how it is until the version that is deployed answers well: it may take a moment
   * to be reached everywhere.
   *
   * @return its last answer
   */
  public RelayHealth awaitHealth(URI url) throws InterruptedException {
    Optional<String> version = deployments.current();
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    RelayHealth health = RelayHealth.of(url).requiring(version);
    while (!health.healthy() && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE.toMillis());
      health = RelayHealth.of(url).requiring(version);
    }
    return health;
  }
}
