package dev.gitblobs.ops.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Secret;
import dev.gitblobs.ops.relay.Login;
import dev.gitblobs.ops.relay.RelayClient;
import dev.gitblobs.ops.relay.RelayProblem;
import dev.gitblobs.ops.relay.User;
import dev.gitblobs.ops.relay.Users;
import dev.gitblobs.ops.smoke.SmokeReport.Step;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Two devices of a throw-away user log in, push, receive, pull and fetch; what is short-lived
 * expires; another user sees nothing. The users are removed at the end, however it ends.
 */
public final class Smoke {
  private static final String STORE = "smoke";
  private static final String REF = "main";
  private static final int TTL_SECONDS = 60;
  private static final int SHORT_TTL_SECONDS = 2;

  /** The relay's word is in milliseconds of its own clock; the way there takes its time. */
  private static final Duration EXPIRY_SLACK = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(250);

  private final URI relay;
  private final Users users;
  private final Consumer<Step> progress;
  private final SecureRandom random = new SecureRandom();
  private final List<Step> steps = new ArrayList<>();
  private final List<User> added = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();

  /**
   * A trial of that relay.
   *
   * @param adminToken lets it add and remove its users
   * @param progress told each step as it ends
   */
  public Smoke(URI relay, Secret adminToken, Consumer<Step> progress) {
    this.relay = relay;
    this.users = new Users(new RelayClient(relay, adminToken));
    this.progress = progress;
  }

  /** Tries everything; a relay that fails is told of in the report, not thrown. */
  public SmokeReport run() {
    boolean passed = trial();
    devices.forEach(Device::close);
    passed &= step("clean up", this::removeUsers);
    return new SmokeReport(relay.toString(), passed, List.copyOf(steps));
  }

  private boolean trial() {
    String user = "smoke-" + hex(6);
    Secret password = new Secret(secret());
    byte[] blob = content();
    byte[] shortLived = content();
    return step("log in", () -> addUser(user, password))
        && step("connect", () -> connect(user, password))
        && step("push", () -> push(devices.get(0), "push-1", blob))
        && step("receive", () -> receive(devices.get(1)))
        && step("pull", () -> pull(devices.get(1), blob))
        && step(
            "expire",
            () -> {
              // A push would keep it for as long as the store.
              store(devices.get(0), "push-2", shortLived, SHORT_TTL_SECONDS);
              return expire(devices.get(1), shortLived);
            })
        && step("isolation", () -> isolation(blob));
  }

  private boolean step(String name, Supplier<String> work) {
    long begun = System.nanoTime();
    boolean passed = false;
    String detail;
    try {
      detail = work.get();
      passed = true;
    } catch (OpsException | RelayProblem e) {
      detail = String.valueOf(e.getMessage());
    }
    long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    Step step = new Step(name, passed, millis, detail);
    steps.add(step);
    progress.accept(step);
    return passed;
  }

  private String addUser(String name, Secret password) {
    Users.OneTime given = users.add(name, "user");
    added.add(given.user());
    Login.changePassword(relay, name, given.password(), password);
    return "user " + name;
  }

  private String connect(String user, Secret password) {
    for (String device : List.of("smoke-a", "smoke-b")) {
      devices.add(new Device(Login.of(relay, user, password, device).relay(), STORE, device));
    }
    return "two devices, welcomed";
  }

  /** Declares an object under a push and puts it; says what the relay did with it. */
  private static String store(Device device, String mid, byte[] blob, int ttl) {
    String hash = Frame.hash(blob);
    List<?> object = List.of("blob", hash, blob.length);
    device.ask(Map.of("op", "have", "mid", mid, "objects", List.of(object)), "want", null);
    JsonNode stored =
        device.ask(
            Map.of("op", "put", "type", "blob", "hash", hash, "len", blob.length, "ttl", ttl),
            "ok",
            blob);
    return stored.path("state").asText();
  }

  private static String push(Device device, String mid, byte[] blob) {
    String state = store(device, mid, blob, TTL_SECONDS);
    Map<String, Object> push = new LinkedHashMap<>();
    push.put("op", "push");
    push.put("mid", mid);
    push.put("ref", REF);
    push.put("old", null);
    push.put("new", Frame.hash(blob));
    push.put("ttl", TTL_SECONDS);
    JsonNode ack = device.ask(push, "ack", null);
    return "event " + ack.path("seq").asLong() + ", object " + state;
  }

  private static String receive(Device device) {
    JsonNode event = device.event(1);
    return "from " + event.path("device").asText();
  }

  private static String pull(Device device, byte[] blob) {
    JsonNode events = device.ask(Map.of("op", "pull", "after", 0, "limit", 10), "events", null);
    require(
        events.path("items").size() == 1, "pull gave " + events.path("items").size() + " events");
    device.ask(Map.of("op", "fetch", "after", 0), "done", null);
    require(device.has(Frame.hash(blob)), "fetch did not bring the object");
    return "1 event and its object, verified";
  }

  private static String expire(Device device, byte[] blob) {
    String hash = Frame.hash(blob);
    require(!isGone(device, hash), "the short-lived object was gone at once");
    require(device.has(hash), "the short-lived object did not come");
    long deadline =
        System.nanoTime() + Duration.ofSeconds(SHORT_TTL_SECONDS).plus(EXPIRY_SLACK).toNanos();
    while (!isGone(device, hash)) {
      require(System.nanoTime() < deadline, "an object outlived its " + SHORT_TTL_SECONDS + " s");
      pause();
    }
    return "an object of " + SHORT_TTL_SECONDS + " s is gone after them";
  }

  private String isolation(byte[] blob) {
    String other = "smoke-" + hex(6);
    Secret password = new Secret(secret());
    addUser(other, password);
    Device stranger =
        new Device(Login.of(relay, other, password, "smoke-c").relay(), STORE, "smoke-c");
    devices.add(stranger);
    require(isGone(stranger, Frame.hash(blob)), "another user got the object");
    JsonNode events = stranger.ask(Map.of("op", "pull", "after", 0, "limit", 10), "events", null);
    require(events.path("items").isEmpty(), "another user got an event");
    return "another user sees neither object nor event";
  }

  private String removeUsers() {
    added.forEach(users::remove);
    return added.size() + " users removed";
  }

  private static boolean isGone(Device device, String hash) {
    JsonNode done =
        device.ask(Map.of("op", "get", "objects", List.of(List.of("blob", hash))), "done", null);
    return done.path("gone").size() == 1;
  }

  private static void require(boolean claim, String otherwise) {
    if (!claim) {
      throw new OpsException("The relay broke a promise: " + otherwise + ".", "See relayctl logs.");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OpsException("Interrupted.", "Run the command again.", e);
    }
  }

  private byte[] content() {
    return ("smoke " + hex(16)).getBytes(StandardCharsets.UTF_8);
  }

  private String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  private String secret() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(24));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
