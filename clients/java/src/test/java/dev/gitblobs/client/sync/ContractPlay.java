package dev.gitblobs.client.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.client.sync.ContractDevice.Received;
import dev.gitblobs.client.sync.ContractNotation.Named;
import dev.gitblobs.client.sync.InMemoryPageGate.Moment;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.CloseCode;
import dev.gitblobs.protocol.ServerOp;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Plays a scenario of {@code relay-contract.json} on an {@link InMemoryRelay}. Throws where that
 * does not do what the scenario says, and at any step that is not understood.
 */
final class ContractPlay {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonNode ABSENT = JSON.arrayNode().add("blob").add("0".repeat(64));

  private final InMemoryRelay relay = new InMemoryRelay();
  private final ContractNotation notation;
  private final Map<String, ContractDevice> devices = new LinkedHashMap<>();

  /** Ids of requests that a step makes by itself. */
  private long nextId = 1_000_000;

  private ContractPlay(JsonNode scenario) {
    Map<String, String> tokens =
        Map.of(
            "fresh",
            relay.freshToken(),
            "bad",
            "no.such.token",
            "foreign",
            InMemoryRelay.FOREIGN_TOKEN);
    notation = new ContractNotation(scenario, tokens);
  }

  static void run(JsonNode scenario) {
    ContractPlay play = new ContractPlay(scenario);
    int number = 0;
    for (JsonNode step : scenario.get("steps")) {
      number++;
      try {
        play.step(step);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("step " + number + ", " + step + ": " + e.getMessage(), e);
      }
    }
    // A relay that says more than the scenario tells does not keep the contract either.
    play.devices.forEach((name, device) -> play.expectSilence(device.isOver ? null : device));
  }

  private void step(JsonNode step) {
    String on = step.path("on").asText();
    switch (step.get("do").textValue()) {
      case "connect" -> {
        facts(step, "on");
        devices.put(on, new ContractDevice(relay.connect("notes", null)));
      }
      case "connect-to" -> {
        facts(step, "on", "id");
        devices.put(on, new ContractDevice(relay.connect("notes", id(step))));
      }
      case "refused" -> {
        facts(step, "id", "code");
        refused(step);
      }
      case "make" -> {
        facts(step, "answer");
        MadeStore made = relay.make("notes");
        JsonNode answer =
            JSON.objectNode()
                .put("id", made.id())
                .put("epoch", made.epoch())
                .put("made", made.isMade());
        same(step.get("answer"), answer);
      }
      case "join" -> {
        facts(step, "on");
        devices.put(on, new ContractDevice(relay.connect("notes", null)));
        send(device(on), op("hello").put("proto", 1).put("device", on));
        expect(
            device(on),
            op("welcome").put("store", "$store").put("epoch", "$epoch").put("by", "$member"));
      }
      case "send" -> {
        facts(step, "on", "ops");
        sendAll(device(on), StreamSupport.stream(step.get("ops").spliterator(), false).toList());
      }
      case "expect" -> {
        facts(step, "on", "ops");
        step.get("ops").forEach(op -> expect(device(on), op));
      }
      case "publish" -> {
        facts(step, "on", "mid", "old", "new", "objects", "seq");
        publish(device(on), step);
      }
      case "download" -> {
        facts(step, "on", "id", "objects", "done");
        download(device(on), step);
      }
      case "too-many-reads" -> {
        facts(step, "on", "reads", "refused");
        readTooMuch(device(on), step.get("reads").longValue(), step.get("refused").longValue());
      }
      case "silent" -> {
        facts(step, "on");
        expectSilence(device(on));
      }
      case "leave" -> {
        facts(step, "on");
        expectSilence(device(on));
        device(on).connection().close();
        device(on).isOver = true;
      }
      case "closed" -> {
        facts(step, "on", "code");
        expectClosed(device(on), step.get("code").intValue());
      }
      case "world" -> happen(step);
      default -> throw new AssertionError("nobody knows this step");
    }
  }

  private @Nullable Long id(JsonNode step) {
    JsonNode id = step.get("id");
    return id.isNull() ? null : (Long) notation.value(id).longValue();
  }

  private void refused(JsonNode step) {
    try {
      relay.connect("notes", id(step)).close();
    } catch (NoStoreException e) {
      String code = e.isRemoved() ? NoStoreException.STORE_REMOVED : NoStoreException.NO_STORE;
      same(step.get("code"), JSON.textNode(code));
      return;
    }
    throw new AssertionError("is not refused");
  }

  private void same(JsonNode expected, JsonNode actual) {
    String difference = notation.difference(expected, actual, "");
    if (difference != null) {
      throw new AssertionError("another answer, " + difference);
    }
  }

  /** A step has these facts and no others. */
  private static void facts(JsonNode step, String... names) {
    Set<String> wanted = new TreeSet<>(Set.of(names));
    wanted.add("do");
    Set<String> found = new TreeSet<>();
    step.fieldNames().forEachRemaining(found::add);
    if (!found.equals(wanted)) {
      throw new AssertionError("has the facts " + found + " instead of " + wanted);
    }
  }

  private void happen(JsonNode step) {
    switch (step.get("event").textValue()) {
      case "expire-objects" -> {
        facts(step, "event", "objects");
        for (JsonNode name : step.get("objects")) {
          relay.forget(notation.object(name.textValue()).key()::equals);
        }
      }
      case "expire-events" -> {
        facts(step, "event", "upto");
        relay.expireEvents(step.get("upto").longValue());
      }
      case "restore" -> {
        facts(step, "event", "to");
        relay.restoreTo(step.get("to").longValue());
      }
      case "remove-store" -> {
        facts(step, "event");
        relay.remove();
      }
      case "auth-soon" -> {
        facts(step, "event");
        relay.sayAuthSoon();
      }
      case "hold-page" -> {
        facts(step, "event", "before");
        relay.gate.hold(moment(step.get("before").textValue()));
      }
      case "page-is-held" -> {
        facts(step, "event");
        devices.values().forEach(ContractDevice::receiveAll);
        if (!relay.gate.isReached()) {
          throw new AssertionError("no page is held");
        }
      }
      case "release-page" -> {
        facts(step, "event");
        relay.gate.release();
      }
      case "database-fails" -> {
        facts(step, "event", "at");
        fail(step.get("at").textValue());
      }
      default -> throw new AssertionError("nobody knows this event");
    }
  }

  private static Moment moment(String before) {
    return switch (before) {
      case "reading" -> Moment.READING;
      case "sending" -> Moment.SENDING;
      default -> throw new AssertionError("hold-page before what?");
    };
  }

  private void fail(String at) {
    switch (at) {
      case "page" -> relay.gate.fail();
      case "push" -> relay.failPush();
      default -> throw new AssertionError("database-fails at what?");
    }
  }

  private ContractDevice device(String name) {
    ContractDevice device = devices.get(name);
    if (device == null) {
      throw new AssertionError(name + " is not connected");
    }
    return device;
  }

  private static ObjectNode op(String name) {
    return JSON.objectNode().put("op", name);
  }

  private void send(ContractDevice device, JsonNode op) {
    sendAll(device, List.of(op));
  }

  private void sendAll(ContractDevice device, List<? extends JsonNode> written) {
    List<JsonNode> ops = written.stream().map(notation::operation).toList();
    List<Body> bodies = written.stream().flatMap(op -> notation.bodyOf(op).stream()).toList();
    device.send(ops, bodies);
  }

  private Received expect(ContractDevice device, JsonNode expected) {
    while (true) {
      Received received = device.take(expected.toString(), meantBy(expected));
      String difference = notation.difference(expected, received.json(), "");
      if (difference == null) {
        return received;
      }
      // Presence is a state: what is expected is how things end.
      if (!expected.get("op").textValue().equals("presence")) {
        throw new AssertionError("another answer, " + difference);
      }
    }
  }

  /** Answers are matched by id; everything else comes in order, but for presence. */
  private static Predicate<Received> meantBy(JsonNode expected) {
    if (expected.path("id").isNumber()) {
      return one -> one.answers(expected.get("id").longValue());
    }
    boolean isPresence = expected.get("op").textValue().equals("presence");
    return one -> !one.json().has("id") && one.is("presence") == isPresence;
  }

  private void publish(ContractDevice device, JsonNode step) {
    String mid = step.get("mid").textValue();
    JsonNode names = step.get("objects");
    if (!names.isEmpty()) {
      long id = nextId++;
      ObjectNode have = op("have").put("id", id).put("mid", mid);
      ArrayNode objects = have.putArray("objects");
      names.forEach(name -> objects.add("$" + name.textValue() + ".sized"));
      send(device, have);
      Received want = expect(device, op("want").put("id", id).set("over", JSON.arrayNode()));
      for (JsonNode index : want.json().get("need")) {
        long put = nextId++;
        send(device, op("put").put("id", put).<JsonNode>set("object", names.get(index.intValue())));
        expect(device, op("ok").put("id", put).put("state", "stored"));
      }
    }
    long id = nextId++;
    ObjectNode push = op("push").put("id", id).put("mid", mid).put("ref", "main");
    push.set("old", hashOf(step.get("old")));
    push.set("new", hashOf(step.get("new")));
    send(device, push);
    expect(device, op("ack").put("id", id).put("mid", mid).set("seq", step.get("seq")));
  }

  private static JsonNode hashOf(JsonNode name) {
    return name.isNull() ? name : JSON.textNode("$" + name.textValue() + ".hash");
  }

  /** The objects come in any frames; what counts is that all their bytes do, in order. */
  private void download(ContractDevice device, JsonNode step) {
    long id = step.get("id").longValue();
    List<Body> came = new ArrayList<>();
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    while (true) {
      Received received = device.take("done of " + id, one -> one.answers(id));
      if (received.op() instanceof ServerOp.Objects objects) {
        came.addAll(objects.bodies());
      } else if (received.op() instanceof ServerOp.Part part) {
        if (part.offset() != parts.size()) {
          throw new AssertionError("a part does not follow the one before");
        }
        parts.writeBytes(part.body().bytes());
        if (parts.size() == part.size()) {
          came.add(Body.of(parts.toByteArray()));
          parts.reset();
        }
      } else {
        ObjectNode done = op("done").setAll((ObjectNode) step.get("done"));
        String difference = notation.difference(done, received.json(), "");
        if (difference != null) {
          throw new AssertionError("another answer, " + difference);
        }
        break;
      }
    }
    List<Body> wanted =
        StreamSupport.stream(step.get("objects").spliterator(), false)
            .map(name -> notation.object(name.textValue()))
            .map(Named::body)
            .toList();
    if (!came.equals(wanted)) {
      throw new AssertionError("got " + came.size() + " objects, not the " + wanted.size());
    }
  }

  private void readTooMuch(ContractDevice device, long reads, long refused) {
    long from = nextId;
    nextId += reads;
    List<ObjectNode> gets =
        LongStream.range(from, nextId)
            .mapToObj(id -> op("get").put("id", id).<ObjectNode>set("objects", absent()))
            .toList();
    sendAll(device, gets);
    for (long id = nextId - refused; id < nextId; id++) {
      expect(device, op("error").put("id", id).put("code", "flood").put("retry", "after"));
    }
    for (long id = from; id < nextId - refused; id++) {
      expect(device, op("done").put("id", id).set("gone", absent()));
    }
  }

  private static JsonNode absent() {
    return JSON.arrayNode().add(ABSENT);
  }

  private void expectSilence(@Nullable ContractDevice device) {
    if (device == null) {
      return;
    }
    long id = nextId++;
    send(device, op("get").put("id", id).<JsonNode>set("objects", absent()));
    expect(device, op("done").put("id", id).set("gone", absent()));
    expectEmpty(device);
  }

  private static void expectClosed(ContractDevice device, int code) {
    device.isOver = true;
    CloseCode actual = device.code();
    if (actual == null || actual.code() != code) {
      throw new AssertionError("closed with " + actual + " instead of " + code);
    }
    expectEmpty(device);
  }

  private static void expectEmpty(ContractDevice device) {
    List<JsonNode> rest = device.rest();
    if (!rest.isEmpty()) {
      throw new AssertionError("got more: " + rest);
    }
  }
}
