package dev.gitblobs.protocol;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Turns JSON into operations: one reader for each operation of each side. */
final class OpReader {
  /** The bodies of a binary frame, handed out in order. */
  interface Bodies {
    Body take(long length);
  }

  static final Map<String, BiFunction<Fields, Bodies, ClientOp>> CLIENT =
      Map.ofEntries(
          entry("hello", plain(OpReader::hello)),
          entry(
              "have",
              plain(f -> new ClientOp.Have(f.count("id"), f.text("mid"), f.sizedKeys("objects")))),
          entry("put", OpReader::put),
          entry("chunk", OpReader::chunk),
          entry("push", plain(OpReader::push)),
          entry(
              "pull",
              plain(f -> new ClientOp.Pull(f.count("id"), f.count("after"), f.number("limit")))),
          entry("fetch", plain(OpReader::fetch)),
          entry(
              "get",
              plain(
                  f -> new ClientOp.Get(f.count("id"), f.keys("objects"), f.optionalText("next")))),
          entry("send", OpReader::send),
          entry("need", plain(f -> new ClientOp.Need(f.count("id"), f.keys("objects")))),
          entry("renew", plain(f -> new ClientOp.Renew(f.count("id"), f.optionalNumber("ttl")))),
          entry("presence", plain(f -> new ClientOp.Presence(f.optionalText("state")))),
          entry("auth", plain(f -> new ClientOp.Auth(f.text("token")))));

  static final Map<String, BiFunction<Fields, Bodies, ServerOp>> SERVER =
      Map.ofEntries(
          entry("welcome", plain(OpReader::welcome)),
          entry("want", plain(OpReader::want)),
          entry("ok", plain(OpReader::ok)),
          entry("ack", plain(f -> new ServerOp.Ack(f.count("id"), f.text("mid"), f.count("seq")))),
          entry("events", plain(OpReader::events)),
          entry("event", plain(f -> new ServerOp.Event(item(f)))),
          entry("objects", OpReader::objects),
          entry("part", OpReader::part),
          entry("done", plain(OpReader::done)),
          entry("message", OpReader::message),
          entry(
              "need",
              plain(f -> new ServerOp.Need(f.text("by"), f.text("from"), f.keys("objects")))),
          entry("available", plain(f -> new ServerOp.Available(f.keys("objects")))),
          entry("presence", plain(OpReader::presence)),
          entry("authed", plain(f -> new ServerOp.Authed(f.count("expires_at")))),
          entry("auth_soon", plain(f -> new ServerOp.AuthSoon(f.count("expires_at")))),
          entry("notice", plain(f -> new ServerOp.Notice(f.text("code"), f.text("message")))),
          entry("error", plain(OpReader::error)));

  private OpReader() {}

  private static <T> BiFunction<Fields, Bodies, T> plain(Function<Fields, T> reader) {
    return (fields, bodies) -> reader.apply(fields);
  }

  private static ClientOp hello(Fields f) {
    return new ClientOp.Hello(
        f.number("proto"),
        f.text("device"),
        f.optionalCount("after"),
        f.optionalText("epoch"),
        f.optionalTexts("features"));
  }

  private static ClientOp put(Fields f, Bodies bodies) {
    int len = length(f, Limits.PUT_BYTES);
    return new ClientOp.Put(
        f.count("id"),
        ObjectType.of(f.text("type")),
        f.text("hash"),
        len,
        f.optionalNumber("ttl"),
        bodies.take(len));
  }

  private static ClientOp chunk(Fields f, Bodies bodies) {
    int len = length(f, Limits.CHUNK_BYTES);
    return new ClientOp.Chunk(
        f.count("id"),
        ObjectType.of(f.text("type")),
        f.text("hash"),
        f.number("size"),
        f.number("offset"),
        len,
        f.optionalNumber("ttl"),
        bodies.take(len));
  }

  private static int length(Fields f, int max) {
    int len = f.number("len");
    Check.range("len", len, 0, max);
    return len;
  }

  private static ClientOp push(Fields f) {
    return new ClientOp.Push(
        f.count("id"),
        f.text("mid"),
        f.text("ref"),
        f.nullableText("old"),
        f.nullableText("new"),
        f.optionalNumber("ttl"),
        f.optionalText("note"));
  }

  private static ClientOp fetch(Fields f) {
    return new ClientOp.Fetch(
        f.count("id"), f.count("after"), f.optionalCount("until"), f.optionalText("next"));
  }

  private static ClientOp send(Fields f, Bodies bodies) {
    int len = length(f, Limits.MESSAGE_BYTES);
    return new ClientOp.Send(
        f.count("id"),
        f.text("mid"),
        f.optionalParty("to"),
        f.optionalFlag("keep"),
        f.optionalNumber("ttl"),
        len,
        bodies.take(len));
  }

  private static ServerOp welcome(Fields f) {
    return new ServerOp.Welcome(
        f.number("proto"),
        f.count("store"),
        f.text("epoch"),
        f.optionalTexts("features"),
        f.count("head"),
        f.count("oldest"),
        f.list("refs", Limits.REFS_PER_STORE, OpReader::head),
        Fields.read("limits", f.node("limits"), OpReader::allowance),
        f.text("by"),
        f.text("user"),
        f.count("expires_at"),
        f.optionalCount("kept_until"),
        f.flag("resumed"),
        f.has("reason") ? pick(ServerOp.Hole.values(), "reason", f.text("reason")) : null);
  }

  private static ServerOp.Head head(JsonNode head) {
    Check.that("refs", head.isArray() && (head.size() == 2 || head.size() == 3));
    return new ServerOp.Head(
        Fields.asText("refs", head.get(0)),
        Fields.asText("refs", head.get(1)),
        head.size() == 3 ? Fields.asText("refs", head.get(2)) : null);
  }

  private static ServerOp.Allowance allowance(Fields f) {
    return new ServerOp.Allowance(
        f.count("frame_bytes"),
        f.count("object_bytes"),
        f.count("message_bytes"),
        f.count("ttl_seconds"),
        f.count("ttl_max_seconds"),
        f.count("quota_bytes"),
        f.count("quota_objects"),
        f.count("used_bytes"),
        f.count("used_objects"),
        f.count("held_bytes"),
        f.count("statements_per_second"),
        f.count("rows_per_second"),
        f.count("answered_bytes_per_second"));
  }

  private static ServerOp want(Fields f) {
    int max = Limits.OBJECTS_PER_OP;
    return new ServerOp.Want(
        f.count("id"),
        f.list("need", max, index -> Fields.asInt("need", index)),
        f.list("over", max, index -> Fields.asInt("over", index)));
  }

  private static ServerOp ok(Fields f) {
    return new ServerOp.Ok(
        f.count("id"),
        f.has("state") ? pick(ServerOp.Stored.values(), "state", f.text("state")) : null,
        f.optionalCount("expires_at"),
        f.optionalNumber("upto"),
        f.optionalCount("devices"));
  }

  private static ServerOp events(Fields f) {
    return new ServerOp.Events(
        f.optionalCount("id"),
        f.list(
            "items",
            Limits.EVENTS_PER_PAGE,
            value -> {
              Check.that("items", !value.has("op"));
              return Fields.read("items", value, OpReader::item);
            }),
        f.flag("more"));
  }

  private static EventItem item(Fields f) {
    String kind = f.text("kind");
    if (kind.equals("push")) {
      return new EventItem.Pushed(
          f.count("seq"),
          f.count("at"),
          f.text("by"),
          f.text("device"),
          f.text("mid"),
          f.text("ref"),
          f.nullableText("old"),
          f.nullableText("new"),
          f.count("objects"),
          f.count("bytes"),
          f.optionalText("note"));
    }
    Check.that("kind", kind.equals("message"));
    return new EventItem.Kept(
        f.count("seq"),
        f.count("at"),
        f.text("by"),
        f.text("device"),
        f.text("mid"),
        f.optionalParty("to"),
        f.optionalText("body"));
  }

  private static ServerOp objects(Fields f, Bodies bodies) {
    var items = f.sizedKeys("items");
    return new ServerOp.Objects(
        f.count("id"), items, bodies.take(items.stream().mapToLong(SizedKey::size).sum()));
  }

  private static ServerOp part(Fields f, Bodies bodies) {
    int len = length(f, Limits.CHUNK_BYTES);
    return new ServerOp.Part(
        f.count("id"),
        ObjectType.of(f.text("type")),
        f.text("hash"),
        f.number("size"),
        f.number("offset"),
        len,
        bodies.take(len));
  }

  private static ServerOp done(Fields f) {
    return new ServerOp.Done(
        f.count("id"), f.optionalCount("seq"), f.keys("gone"), f.optionalText("next"));
  }

  private static ServerOp message(Fields f, Bodies bodies) {
    int len = length(f, Limits.MESSAGE_BYTES);
    return new ServerOp.Message(
        f.text("by"),
        f.text("from"),
        f.text("mid"),
        f.count("at"),
        f.optionalParty("to"),
        len,
        bodies.take(len));
  }

  private static ServerOp presence(Fields f) {
    return new ServerOp.Presence(
        f.list(
            "devices",
            Integer.MAX_VALUE,
            value ->
                Fields.read(
                    "devices",
                    value,
                    d ->
                        new ServerOp.Present(
                            d.text("by"),
                            d.text("device"),
                            d.count("since"),
                            d.optionalText("state")))));
  }

  private static ServerOp error(Fields f) {
    return new ServerOp.Failure(
        f.optionalCount("id"),
        f.text("code"),
        f.text("message"),
        pick(Retry.values(), "retry", f.text("retry")),
        f.optionalCount("retry_after_ms"),
        f.has("current") ? new ServerOp.Current(f.nullableText("current")) : null,
        f.has("need") ? f.keys("need") : null,
        f.optionalNumber("upto"));
  }

  /** The constant whose lower-case name is the text. */
  private static <E extends Enum<E>> E pick(E[] values, String field, String text) {
    return Arrays.stream(values)
        .filter(value -> value.name().toLowerCase(java.util.Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("field " + field + " is not as described"));
  }
}
