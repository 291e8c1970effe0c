package dev.gitblobs.ops.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.json.Json;
import dev.gitblobs.ops.relay.RelayClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One device with a socket to a store: asks, and keeps what arrives until it is asked for. */
final class Device implements WebSocket.Listener, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String name;
  private final WebSocket socket;
  private final List<JsonNode> inbox = new ArrayList<>();
  private final Set<String> received = new HashSet<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private @Nullable String end;
  private int lastId;

  /** Makes the store where there is none, connects and says hello. */
  Device(RelayClient login, String store, String name) {
    this.name = name;
    login.post("/stores", Map.of("name", store));
    this.socket = login.socket(store, this);
    send(Map.of("op", "hello", "proto", 1, "device", name));
    await("welcome", op -> op.path("op").asText().equals("welcome"));
  }

  /**
   * Asks and waits for the answer.
   *
   * @param answer the operation that has to answer
   * @param body the object's bytes; null for an operation without
   * @throws OpsException when the relay refuses, or does not answer in time
   */
  JsonNode ask(Map<String, ?> operation, String answer, byte @Nullable [] body) {
    int id = ++lastId;
    Map<String, Object> whole = new LinkedHashMap<>(operation);
    whole.put("id", id);
    if (body == null) {
      send(whole);
    } else {
      send(whole, body);
    }
    JsonNode found =
        await(
            answer,
            op ->
                op.path("id").asInt(-1) == id
                    && (op.path("op").asText().equals(answer)
                        || op.path("op").asText().equals("error")));
    if (found.path("op").asText().equals("error")) {
      throw failed(operation.get("op") + " was refused: " + found.path("code").asText());
    }
    return found;
  }

  /** Waits for an event that nobody asked for. */
  JsonNode event(long seq) {
    return await(
        "event " + seq,
        op -> op.path("op").asText().equals("event") && op.path("seq").asLong() == seq);
  }

  /** Whether an object of that hash has arrived, whole and unchanged. */
  synchronized boolean has(String hash) {
    return received.contains(hash);
  }

  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public synchronized CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      String whole = text.toString();
      text.setLength(0);
      arrived(() -> Json.MAPPER.readTree(whole).forEach(inbox::add));
    }
    return more(from);
  }

  @Override
  public synchronized CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    binary.writeBytes(bytes);
    if (last) {
      ByteBuffer whole = ByteBuffer.wrap(binary.toByteArray());
      binary.reset();
      arrived(() -> read(whole));
    }
    return more(from);
  }

  @Override
  public synchronized CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    ended("the relay closed the socket: " + code + " " + reason);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public synchronized void onError(WebSocket from, Throwable error) {
    ended("the socket broke: " + error);
  }

  private void read(ByteBuffer frame) throws IOException {
    for (JsonNode op : Frame.header(frame)) {
      for (JsonNode item : op.path("items")) {
        byte[] bytes = Frame.take(frame, item.path(2).asInt());
        if (!Frame.hash(bytes).equals(item.path(1).asText())) {
          throw new IOException("an object that does not have its hash");
        }
        received.add(item.path(1).asText());
      }
      inbox.add(op);
    }
  }

  /** What a frame may do while it is read. */
  private interface Reading {
    void run() throws IOException;
  }

  private void arrived(Reading reading) {
    try {
      reading.run();
      notifyAll();
    } catch (IOException e) {
      ended("it sent " + e.getMessage());
    }
  }

  private void ended(String why) {
    end = why;
    notifyAll();
  }

  private CompletionStage<?> more(WebSocket from) {
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  private void send(Map<String, ?> operation) {
    try {
      sent(socket.sendText(Json.MAPPER.writeValueAsString(List.of(operation)), true));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void send(Map<String, ?> operation, byte[] body) {
    try {
      sent(socket.sendBinary(Frame.of(operation, body), true));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void sent(CompletableFuture<WebSocket> sending) {
    try {
      sending.join();
    } catch (CompletionException e) {
      throw failed("nothing could be sent: " + e.getCause());
    }
  }

  private synchronized JsonNode await(String what, Predicate<JsonNode> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        for (Iterator<JsonNode> each = inbox.iterator(); each.hasNext(); ) {
          JsonNode op = each.next();
          if (wanted.test(op)) {
            each.remove();
            return op;
          }
        }
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (end != null || left <= 0) {
          throw failed("'" + what + "' did not come" + (end == null ? " in time" : "; " + end));
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OpsException("Interrupted.", "Run the command again.", e);
    }
  }

  private OpsException failed(String what) {
    return new OpsException("On the device " + name + " " + what + ".", "See relayctl logs.");
  }
}
