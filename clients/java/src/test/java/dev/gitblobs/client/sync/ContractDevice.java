package dev.gitblobs.client.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.protocol.Body;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.CloseCode;
import dev.gitblobs.protocol.Codec;
import dev.gitblobs.protocol.Decoded;
import dev.gitblobs.protocol.ServerOp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A device of a contract scenario, and what it was sent that the scenario has not taken yet. */
final class ContractDevice {
  /** An operation of the relay, and how it is written. */
  record Received(ServerOp op, JsonNode json) {
    boolean answers(long id) {
      return json.has("id") && json.get("id").longValue() == id;
    }

    boolean is(String name) {
      return json.get("op").textValue().equals(name);
    }
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PREFIX = 8;

  private final InMemoryConnection connection;
  private final List<Received> inbox = new ArrayList<>();

  /** It left or was closed, as the scenario says. */
  boolean isOver;

  ContractDevice(InMemoryConnection connection) {
    this.connection = connection;
  }

  InMemoryConnection connection() {
    return connection;
  }

  /** Sends operations in one frame, which is a real one. */
  void send(List<JsonNode> ops, List<Body> bodies) {
    byte[] header = JSON.createArrayNode().addAll(ops).toString().getBytes(StandardCharsets.UTF_8);
    int size = PREFIX + header.length + bodies.stream().mapToInt(Body::length).sum();
    ByteBuffer frame =
        ByteBuffer.allocate(size).put(new byte[] {1, 1, 0, 0}).putInt(header.length).put(header);
    bodies.forEach(body -> frame.put(body.bytes()));
    if (!(Codec.decodeClient(frame.array()) instanceof Decoded.Ops<ClientOp> decoded)) {
      throw new AssertionError("a scenario sends what no client may: " + ops);
    }
    connection.send(decoded.ops());
  }

  /** Takes all that has come; what waits to be read by the relay comes with it. */
  void receiveAll() {
    try {
      Optional<ServerOp> op = connection.receive(Duration.ZERO);
      while (op.isPresent()) {
        inbox.add(new Received(op.get(), written(op.get())));
        op = connection.receive(Duration.ZERO);
      }
    } catch (ConnectionLostException e) {
      // What came before is here; closedWith tells the rest.
    }
  }

  private static JsonNode written(ServerOp op) {
    byte[] frame = Codec.encodeBinary(List.of(op));
    int length = ByteBuffer.wrap(frame).getInt(4);
    try {
      JsonNode json = JSON.readTree(frame, PREFIX, length).get(0);
      if (op instanceof ServerOp.Message message) {
        byte[] bytes = message.body().bytes();
        ((ObjectNode) json).put("say", new String(bytes, StandardCharsets.UTF_8));
      }
      return json;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes the first operation that is meant. */
  Received take(String what, Predicate<Received> isMeant) {
    receiveAll();
    for (Iterator<Received> all = inbox.iterator(); all.hasNext(); ) {
      Received one = all.next();
      if (isMeant.test(one)) {
        all.remove();
        return one;
      }
    }
    throw new AssertionError("waits for " + what + ", has " + rest() + ", was closed: " + code());
  }

  @Nullable CloseCode code() {
    receiveAll();
    return connection.code();
  }

  /** What nobody expected. Presence is a state, and may be told more often. */
  List<JsonNode> rest() {
    receiveAll();
    return inbox.stream().filter(one -> !one.is("presence")).map(Received::json).toList();
  }
}
