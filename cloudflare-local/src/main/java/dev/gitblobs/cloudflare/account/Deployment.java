package dev.gitblobs.cloudflare.account;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Which versions answer, and with which share of the requests. */
public record Deployment(
    String id,
    Instant createdOn,
    String source,
    List<Share> versions,
    Map<String, String> annotations) {

  /** A version and its percentage of the requests. */
  public record Share(String versionId, double percentage) {}

  /** Copies what may be changed from outside. */
  public Deployment {
    versions = List.copyOf(versions);
    annotations = Map.copyOf(annotations);
  }
}
