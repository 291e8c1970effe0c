package dev.gitblobs.cloudflare.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.http.ApiException;
import dev.gitblobs.cloudflare.http.Call;
import dev.gitblobs.cloudflare.http.Reply;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.Snapshot;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Time travel: a bookmark names a copy of the database. One is made when a bookmark is asked for,
 * before a restore, and once a minute while the database changes; the newest are kept.
 */
final class D1TimeTravel {
  private static final int MALFORMED = 7400;

  private final Account account;
  private final WorkersRuntime runtime;

  D1TimeTravel(Account account, WorkersRuntime runtime) {
    this.account = account;
    this.runtime = runtime;
  }

  void register(Router router) {
    router
        .get(D1Api.ONE + "/time_travel/bookmark", this::bookmark)
        .post(D1Api.ONE + "/time_travel/restore", this::restore);
  }

  /** The bookmark of the database as it is now. */
  synchronized String current(String database) {
    try {
      return snapshot(database).bookmark();
    } catch (IOException e) {
      throw new UncheckedIOException("copying database " + database, e);
    }
  }

  /** Copies every database that changed since its last copy. */
  void snapshotAll() {
    for (String database : account.state().databases().keySet()) {
      if (runtime.databaseFiles().size(database) > 0) {
        current(database);
      }
    }
  }

  private Snapshot snapshot(String database) throws IOException {
    if (runtime.databaseFiles().size(database) == 0) {
      // Its first use makes the file.
      ArrayNode touch = Results.array();
      touch.addObject().put("sql", "SELECT 1").putArray("params");
      runtime.query(database, touch);
    }
    Instant now = account.now();
    // In the form of Cloudflare's, and like those in the order of time.
    String bookmark =
        "%08x-%08x-00000000-%s"
            .formatted(
                now.toEpochMilli() >>> 32, now.toEpochMilli() & 0xffff_ffffL, Identity.hexId());
    return runtime.snapshot(database, new Snapshot(bookmark, now));
  }

  private Reply bookmark(Call call) {
    String database = D1Api.find(account, call).uuid();
    Optional<Instant> timestamp = timestamp(call);
    String bookmark =
        timestamp.isPresent() && timestamp.get().isBefore(account.now())
            ? find(database, snapshot -> !snapshot.at().isAfter(timestamp.get())).bookmark()
            : current(database);
    return Reply.ok(Results.object().put("bookmark", bookmark));
  }

  private synchronized Reply restore(Call call) throws IOException {
    String database = D1Api.find(account, call).uuid();
    Optional<String> wanted = call.query("bookmark").filter(text -> !text.isEmpty());
    Optional<Instant> timestamp = timestamp(call);
    if (wanted.isEmpty() && timestamp.isEmpty()) {
      throw ApiException.badRequest(MALFORMED, "Either bookmark or timestamp is needed.");
    }
    Snapshot target =
        wanted.isPresent()
            ? find(database, snapshot -> snapshot.bookmark().equals(wanted.get()))
            : find(database, snapshot -> !snapshot.at().isAfter(timestamp.orElseThrow()));
    String previous = snapshot(database).bookmark();
    runtime.restore(database, target);
    ObjectNode result = Results.object().put("bookmark", target.bookmark());
    result.put("previous_bookmark", previous);
    result.put("message", "Restored the database to bookmark " + target.bookmark() + ".");
    return Reply.ok(result);
  }

  /** The newest that fits. */
  private Snapshot find(String database, Predicate<Snapshot> fits) {
    List<Snapshot> newestFirst = runtime.snapshots(database);
    return newestFirst.stream()
        .filter(fits)
        .findFirst()
        .orElseThrow(
            () ->
                ApiException.badRequest(
                    7501, "No bookmark of this database fits: it is unknown or no longer kept."));
  }

  private static Optional<Instant> timestamp(Call call) {
    try {
      return call.query("timestamp").filter(text -> !text.isEmpty()).map(Instant::parse);
    } catch (DateTimeParseException e) {
      ApiException bad =
          ApiException.badRequest(MALFORMED, "timestamp must be a time of ISO 8601 in UTC.");
      bad.initCause(e);
      throw bad;
    }
  }
}
