package dev.gitblobs.cloudflare.runtime;

import java.nio.file.Path;
import java.time.Instant;

/** A copy of a database, named by a bookmark. */
public record Snapshot(String bookmark, Instant at) {
  private static final String SUFFIX = ".sqlite";

  static Snapshot of(Path file) {
    String[] timeAndBookmark = file.getFileName().toString().split("_", 2);
    return new Snapshot(
        timeAndBookmark[1].substring(0, timeAndBookmark[1].length() - SUFFIX.length()),
        Instant.ofEpochMilli(Long.parseLong(timeAndBookmark[0])));
  }

  String fileName() {
    return at.toEpochMilli() + "_" + bookmark + SUFFIX;
  }
}
