package dev.gitblobs.cloudflare.account;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Worker script.
 *
 * @param tag the script's id, which a script of the same name made later does not share
 * @param port where it listens on loopback, this machine's stand-in for workers.dev
 * @param migrationTag the last Durable Object migration applied
 * @param classes the Durable Object classes that migrations made, by name
 * @param settings settings of the script as such, not of a version (logpush, observability, ..)
 * @param versions newest first
 * @param deployments newest first; the first is live
 */
public record Script(
    String name,
    String tag,
    Instant createdOn,
    Instant modifiedOn,
    int port,
    @Nullable String migrationTag,
    Map<String, DurableClass> classes,
    ObjectNode settings,
    List<Schedule> schedules,
    Subdomain subdomain,
    List<Version> versions,
    List<Deployment> deployments) {

  private static final int MAX_DEPLOYMENTS = 100;

  /**
   * A Durable Object namespace; its id names the storage, so that it survives a rename.
   *
   * @param storage {@code sqlite} or {@code legacy-kv}
   */
  public record DurableClass(String namespaceId, String storage) {}

  /** A cron trigger. */
  public record Schedule(String cron, Instant createdOn, Instant modifiedOn) {}

  /** Whether the script answers on workers.dev. */
  public record Subdomain(boolean enabled, boolean previewsEnabled) {}

  /** Copies what may be changed from outside. */
  public Script {
    classes = Map.copyOf(classes);
    schedules = List.copyOf(schedules);
    versions = List.copyOf(versions);
    deployments = List.copyOf(deployments);
  }

  /** The newest upload, deployed or not. */
  @JsonIgnore
  public Version latest() {
    return versions.get(0);
  }

  /** The version with the largest share of the live deployment. */
  @JsonIgnore
  public Version live() {
    Deployment.Share largest = deployments.get(0).versions().get(0);
    for (Deployment.Share share : deployments.get(0).versions()) {
      largest = share.percentage() > largest.percentage() ? share : largest;
    }
    return version(largest.versionId());
  }

  /** Fails when there is no such version: ids come from deployments, which were checked. */
  public Version version(String id) {
    return versions.stream().filter(v -> v.id().equals(id)).findFirst().orElseThrow();
  }

  /** Whether the version answers requests. */
  public boolean isLive(String versionId) {
    return !deployments.isEmpty()
        && deployments.get(0).versions().stream().anyMatch(v -> v.versionId().equals(versionId));
  }

  /** With one more deployment, which is now the live one. */
  public Script withDeployment(Deployment deployment) {
    List<Deployment> all = Maps.prepended(deployment, deployments);
    return withVersions(
        modifiedOn, versions, all.subList(0, Math.min(MAX_DEPLOYMENTS, all.size())));
  }

  /** The same script whose Durable Objects are at {@code tag} with these classes. */
  public Script withClasses(@Nullable String tag, Map<String, DurableClass> newClasses) {
    return new Script(
        name,
        this.tag,
        createdOn,
        modifiedOn,
        port,
        tag,
        newClasses,
        settings,
        schedules,
        subdomain,
        versions,
        deployments);
  }

  /** The same script with these settings in place of its own. */
  public Script withSettings(ObjectNode newSettings) {
    return new Script(
        name,
        tag,
        createdOn,
        modifiedOn,
        port,
        migrationTag,
        classes,
        newSettings,
        schedules,
        subdomain,
        versions,
        deployments);
  }

  /** The same script with these schedules in place of its own. */
  public Script withSchedules(List<Schedule> newSchedules) {
    return new Script(
        name,
        tag,
        createdOn,
        modifiedOn,
        port,
        migrationTag,
        classes,
        settings,
        newSchedules,
        subdomain,
        versions,
        deployments);
  }

  /** The same script with this workers.dev switch. */
  public Script withSubdomain(Subdomain newSubdomain) {
    return new Script(
        name,
        tag,
        createdOn,
        modifiedOn,
        port,
        migrationTag,
        classes,
        settings,
        schedules,
        newSubdomain,
        versions,
        deployments);
  }

  /** The same script, answering on another port. */
  public Script withPort(int newPort) {
    return new Script(
        name,
        tag,
        createdOn,
        modifiedOn,
        newPort,
        migrationTag,
        classes,
        settings,
        schedules,
        subdomain,
        versions,
        deployments);
  }

  /** The same script with these versions and deployments, both the newest first. */
  public Script withVersions(
      Instant now, List<Version> newVersions, List<Deployment> newDeployments) {
    return new Script(
        name,
        tag,
        createdOn,
        now,
        port,
        migrationTag,
        classes,
        settings,
        schedules,
        subdomain,
        newVersions,
        newDeployments);
  }
}
