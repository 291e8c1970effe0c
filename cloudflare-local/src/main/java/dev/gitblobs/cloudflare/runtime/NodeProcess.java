package dev.gitblobs.cloudflare.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** One run of the Node program: requests go in and answers come out as lines of JSON. */
final class NodeProcess {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Process process;
  private final OutputStream requests;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

  private NodeProcess(Process process) {
    this.process = process;
    this.requests = process.getOutputStream();
  }

  static NodeProcess start(RuntimeFiles files) {
    try {
      Process process =
          new ProcessBuilder(files.node().toString(), files.main().toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      NodeProcess node = new NodeProcess(process);
      Thread reader = new Thread(node::readAnswers, "runtime-answers");
      reader.setDaemon(true);
      reader.start();
      return node;
    } catch (IOException e) {
      throw new RuntimeFailure(
          "Starting the runtime with " + files.node() + " failed: " + e.getMessage(), e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** The processes this one has started: workerd. */
  List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks and waits; fails with what the program answered, or when it ended or took too long. */
  JsonNode call(String operation, ObjectNode request, Duration timeout) {
    long id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    try {
      write(request.put("id", id).put("op", operation));
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new RuntimeFailure("The runtime has ended.", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeFailure failure
          ? failure
          : new RuntimeFailure(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new RuntimeFailure(
          "The runtime did not answer " + operation + " within " + timeout.toSeconds() + " s.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure("Interrupted while waiting for the runtime.", e);
    } finally {
      waiting.remove(id);
    }
  }

  private synchronized void write(ObjectNode message) throws IOException {
    requests.write((MAPPER.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8));
    requests.flush();
  }

  private void readAnswers() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        complete(MAPPER.readTree(line));
      }
    } catch (IOException e) {
      process.destroyForcibly();
    }
    RuntimeFailure ended = new RuntimeFailure("The runtime ended before it answered.");
    waiting.values().forEach(answer -> answer.completeExceptionally(ended));
  }

  private void complete(JsonNode message) {
    CompletableFuture<JsonNode> answer = waiting.get(message.path("id").asLong());
    if (answer == null) {
      return;
    }
    if (message.has("error")) {
      answer.completeExceptionally(new RuntimeFailure(message.get("error").asText()));
    } else {
      answer.complete(message);
    }
  }

  /** Ends its input, which makes it stop workerd and end; kills it when it takes too long. */
  void close(Duration grace) {
    try {
      requests.close();
      if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
