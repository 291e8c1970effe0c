package dev.gitblobs.client.store;

import dev.gitblobs.client.object.ObjectType;
import java.util.List;
import java.util.Map;

/**
 * What a check of a whole store found.
 *
 * @param counts sound objects by type
 * @param findings damage first, then notes
 */
public record StoreReport(Map<ObjectType, Long> counts, List<Finding> findings) {
  /** Copies both. */
  public StoreReport {
    counts = Map.copyOf(counts);
    findings = List.copyOf(findings);
  }

  /** What is the matter with something in the store. */
  public enum Kind {
    /** An object that cannot be read or does not have its hash. */
    DAMAGED(true),
    /** Something refers to an object that is not there. */
    MISSING(true),
    /** Something out of reach of head and refs lacks a part: left by an interrupted exchange. */
    INCOMPLETE(false),
    /** A commit whose parents a compact backup left out; its bytes cannot be proven. */
    SHALLOW_ROOT(false),
    /** An object hashed under another locale's key order; sound. */
    FOREIGN_ORDER(false),
    /** A file that is not the store's. */
    STRAY_FILE(false);

    private final boolean isDamage;

    Kind(boolean isDamage) {
      this.isDamage = isDamage;
    }

    /** Whether data is lost or wrong. */
    public boolean isDamage() {
      return isDamage;
    }
  }

  /**
   * One finding.
   *
   * @param subject the object or file
   * @param detail for people
   */
  public record Finding(Kind kind, String subject, String detail) {}

  /** Whether every object is sound and nothing is missing. */
  public boolean isWhole() {
    return findings.stream().noneMatch(finding -> finding.kind().isDamage());
  }
}
