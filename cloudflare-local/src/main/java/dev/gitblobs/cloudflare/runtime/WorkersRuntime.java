package dev.gitblobs.cloudflare.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs in workerd what the account holds. It is restarted only when the configuration changed;
 * changes that arrive while one is applied are applied together in the next restart. When Node or
 * workerd dies, the rest is killed and the same configuration started again.
 */
public final class WorkersRuntime implements ScriptRunner, AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);
  private static final int MAX_BACKOFF_MILLIS = 5_000;

  private final ObjectMapper mapper = new ObjectMapper();
  private final RuntimeFiles files;
  private final Supplier<RuntimePlan> plan;
  private final MiniflareOptions miniflareOptions;
  private final Gateway gateway;
  private final Leftovers leftovers;
  private final DatabaseFiles databaseFiles;
  // One thread: applying and healing never overlap.
  private final ScheduledExecutorService lifecycle =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "runtime-lifecycle");
            thread.setDaemon(true);
            return thread;
          });

  // Scripts by the ids of their open tails.
  private final Map<String, String> tailed = new ConcurrentHashMap<>();

  private @Nullable CompletableFuture<Void> pending;
  private volatile @Nullable NodeProcess node;
  private volatile @Nullable URI origin;
  private volatile boolean closing;
  private volatile D1Limits d1Limits;
  private List<ProcessHandle> workerd = List.of();
  private @Nullable JsonNode applied;
  private int failures;

  /**
   * @param secret known to the gateway Worker and this class alone
   * @param plan what to run, asked for at each {@link #apply}
   * @param d1Limits of all databases, until they are changed
   */
  public WorkersRuntime(
      RuntimeFiles files, String secret, Supplier<RuntimePlan> plan, D1Limits d1Limits) {
    this.d1Limits = d1Limits;
    this.files = files;
    this.plan = plan;
    this.miniflareOptions = new MiniflareOptions(files, secret);
    this.gateway = new Gateway(secret);
    this.leftovers = new Leftovers(files.pids());
    this.databaseFiles = new DatabaseFiles(files.storage());
  }

  /** What holds for all D1 databases now. */
  public D1Limits d1Limits() {
    return d1Limits;
  }

  /** Other limits for all D1 databases; workerd is restarted with them. */
  public void limitD1(D1Limits limits) {
    d1Limits = limits;
    apply();
  }

  /** Ends what a killed predecessor left running. Call before {@link #start}. */
  public void endLeftovers() throws IOException {
    leftovers.end();
  }

  /** Runs what the account holds. */
  public void start() {
    apply();
  }

  @Override
  public void apply() {
    CompletableFuture<Void> change;
    synchronized (this) {
      if (pending == null) {
        pending = CompletableFuture.runAsync(this::applyNow, lifecycle);
      }
      change = pending;
    }
    join(change);
  }

  private void applyNow() {
    synchronized (this) {
      pending = null;
    }
    ObjectNode options = miniflareOptions.of(plan.get(), Set.copyOf(tailed.values()), d1Limits);
    NodeProcess current = node;
    if (current != null && current.isAlive() && options.equals(applied)) {
      return;
    }
    applied = null;
    if (current == null || !current.isAlive()) {
      current = startNode();
    }
    ObjectNode request = mapper.createObjectNode().set("options", options);
    try {
      running(current, current.call("apply", request, START_TIMEOUT));
    } catch (RuntimeFailure e) {
      // A Miniflare that failed once is not used again.
      current.close(Duration.ZERO);
      throw e;
    }
    applied = options;
  }

  private NodeProcess startNode() {
    Leftovers.kill(workerd);
    NodeProcess started = NodeProcess.start(files);
    node = started;
    leftovers.note(List.of(started.handle()));
    CompletableFuture<?> unused = started.onExit().thenRun(() -> heal(started));
    return started;
  }

  /** Notes where the runtime listens and which processes it is made of, and watches them. */
  private void running(NodeProcess current, JsonNode answer) {
    origin = URI.create(answer.get("url").asText());
    List<ProcessHandle> children = current.children();
    children.stream().filter(process -> !workerd.contains(process)).forEach(this::watch);
    workerd = children;
    List<ProcessHandle> all = new ArrayList<>(children);
    all.add(current.handle());
    leftovers.note(all);
    failures = 0;
  }

  private void watch(ProcessHandle process) {
    NodeProcess owner = Objects.requireNonNull(node);
    CompletableFuture<?> unused = process.onExit().thenRun(() -> heal(owner));
  }

  private void heal(NodeProcess broken) {
    if (!closing) {
      lifecycle.execute(() -> healNow(broken));
    }
  }

  /** Miniflare restarts a crashed workerd by itself; where that fails, all is started anew. */
  private void healNow(NodeProcess broken) {
    if (closing || broken != node) {
      return;
    }
    try {
      if (broken.isAlive()) {
        running(broken, broken.call("ready", mapper.createObjectNode(), START_TIMEOUT));
      } else {
        System.err.println("cloudflare-local: the runtime ended; starting it again.");
        applied = null;
        applyNow();
      }
    } catch (RuntimeFailure e) {
      System.err.println("cloudflare-local: " + e.getMessage());
      broken.close(Duration.ZERO);
      NodeProcess current = node;
      failures++;
      long delay = Math.min(MAX_BACKOFF_MILLIS, 100L << Math.min(failures, 6));
      Future<?> unused =
          lifecycle.schedule(
              () -> healNow(current == null ? broken : current), delay, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public Startup probe(WorkerPlan plan) {
    ObjectNode request = mapper.createObjectNode().set("worker", miniflareOptions.probe(plan));
    JsonNode answer = requireNode().call("probe", request, START_TIMEOUT);
    return new Startup(
        texts(answer.get("handlers")),
        texts(answer.get("exports")),
        answer.get("milliseconds").asInt());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /**
   * Runs statements on a database as one transaction.
   *
   * @param queries objects with {@code sql} and {@code params}
   * @return Miniflare's answer: a list of results, or {@code {success:false, error}}
   */
  public JsonNode query(String database, ArrayNode queries) {
    return post("/d1/" + database, queries);
  }

  /** Copies a database as it is now; answers the copy to use, which may be an older equal one. */
  public Snapshot snapshot(String database, Snapshot fresh) throws IOException {
    Snapshots kept = databaseFiles.snapshots(database);
    Path aside = kept.aside();
    copy(databaseFiles.of(database), aside);
    return kept.keep(aside, fresh);
  }

  /** Newest first. */
  public List<Snapshot> snapshots(String database) {
    return databaseFiles.snapshots(database).all();
  }

  /** Puts a database back to a copy, while it is in use: queries see the one or the other. */
  public void restore(String database, Snapshot snapshot) throws IOException {
    Snapshots kept = databaseFiles.snapshots(database);
    Path aside = kept.aside();
    try {
      kept.restore(snapshot, aside);
      copy(aside, databaseFiles.of(database));
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private void copy(Path from, Path to) {
    ObjectNode request = mapper.createObjectNode();
    request.put("from", from.toString()).put("to", to.toString());
    requireNode().call("copy", request, START_TIMEOUT);
  }

  private NodeProcess requireNode() {
    NodeProcess current = node;
    if (current == null) {
      throw new RuntimeFailure("The runtime is not running.");
    }
    return current;
  }

  @Override
  public String openTail(String id, String script, ArrayNode filters, long expiresAtMillis) {
    tailed.put(id, script);
    apply();
    ObjectNode request = mapper.createObjectNode();
    request.put("tail", id).put("script", script).put("expiresAt", expiresAtMillis);
    request.set("filters", filters);
    return requireNode().call("openTail", request, START_TIMEOUT).get("url").asText();
  }

  @Override
  public void closeTail(String id) {
    tailed.remove(id);
    requireNode().call("closeTail", mapper.createObjectNode().put("tail", id), START_TIMEOUT);
  }

  /** The files of the databases that it runs. */
  public DatabaseFiles databaseFiles() {
    return databaseFiles;
  }

  /** Runs the scheduled handler of a script. */
  public void scheduled(String script, String cron, long scheduledTimeMillis) {
    ObjectNode event =
        mapper.createObjectNode().put("cron", cron).put("scheduledTime", scheduledTimeMillis);
    post("/scheduled/" + MiniflareOptions.scheduledBinding(script), event);
  }

  /** D1 queries of the hungriest invocation of a script that uses D1, since it was started. */
  public int mostQueries(String script) {
    String path = "/queries/" + MiniflareOptions.scheduledBinding(script);
    return post(path, mapper.createObjectNode()).path("most").intValue();
  }

  private JsonNode post(String path, JsonNode body) {
    try {
      try {
        return gateway.post(target(), path, body);
      } catch (ConnectException e) {
        // It is being restarted or healed: wait for that and ask once more.
        join(CompletableFuture.runAsync(this::awaitReady, lifecycle));
        return gateway.post(target(), path, body);
      }
    } catch (IOException e) {
      throw new RuntimeFailure("The runtime does not answer: " + e.getMessage(), e);
    }
  }

  private void awaitReady() {
    NodeProcess current = node;
    if (current == null || !current.isAlive()) {
      applied = null;
      applyNow();
    } else {
      running(current, current.call("ready", mapper.createObjectNode(), START_TIMEOUT));
    }
  }

  private URI target() {
    URI current = origin;
    if (current == null) {
      throw new RuntimeFailure("The runtime is not running.");
    }
    return current;
  }

  private static void join(CompletableFuture<Void> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /** Stops the runtime; nothing of it is left running. */
  @Override
  public void close() {
    closing = true;
    lifecycle.shutdown();
    NodeProcess current = node;
    if (current != null) {
      List<ProcessHandle> children = current.children();
      current.close(CLOSE_GRACE);
      Leftovers.kill(children);
    }
    try {
      leftovers.end();
    } catch (IOException e) {
      System.err.println("cloudflare-local: " + e.getMessage());
    }
  }
}
