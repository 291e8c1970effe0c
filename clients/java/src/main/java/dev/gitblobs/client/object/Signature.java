package dev.gitblobs.client.object;

import dev.gitblobs.client.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Who and when. Name and email may be empty, as original clients leave them.
 *
 * @param timestamp UTC, ISO-8601 with three millisecond digits and Z
 */
public record Signature(String name, String email, String timestamp) {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** A signature of that moment, cut to milliseconds. */
  public static Signature at(String name, String email, Instant when) {
    return new Signature(name, email, timestamp(when));
  }

  /** The moment as data holds it. */
  public static String timestamp(Instant when) {
    return FORMAT.format(when);
  }

  static Signature read(Json.Obj content, String role) {
    if (content.get(role).orElse(Json.Nil.NULL) instanceof Json.Obj fields
        && fields.members().size() == 3) {
      return new Signature(
          field(fields, role, "name"),
          field(fields, role, "email"),
          field(fields, role, "timestamp"));
    }
    throw new MalformedObjectException(
        "Commit: " + role + " is not an object of name, email and timestamp");
  }

  Json.Obj toJson() {
    return Json.object(
        "name", Json.of(name), "email", Json.of(email), "timestamp", Json.of(timestamp));
  }

  private static String field(Json.Obj fields, String role, String name) {
    return fields
        .text(name)
        .orElseThrow(
            () -> new MalformedObjectException("Commit: " + role + " has no text " + name));
  }
}
