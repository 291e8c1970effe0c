package dev.gitblobs.cloudflare.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gitblobs.cloudflare.runtime.WorkerPlan.VersionPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Miniflare's options for a set of scripts: the gateway, the front, and for each script an edge
 * Worker that owns its port and one Worker per version. The first version's Worker bears the
 * script's name.
 */
final class MiniflareOptions {
  // Of our own Workers; user scripts have the date they were uploaded with.
  private static final String OWN_COMPATIBILITY_DATE = "2026-11-01";

  private static final String GATEWAY = "gateway";
  private static final String COUNTER = "__d1-invocations.mjs";
  private static final String COUNTED = "__d1-counted.mjs";

  private final ObjectMapper mapper = new ObjectMapper();
  private final RuntimeFiles files;
  private final String secret;
  private final BindingOptions bindings = new BindingOptions(mapper);

  MiniflareOptions(RuntimeFiles files, String secret) {
    this.files = files;
    this.secret = secret;
  }

  static String scheduledBinding(String script) {
    return "scheduled-" + script;
  }

  static String edgeName(String script) {
    return "edge:" + script;
  }

  private static String workerName(WorkerPlan plan, VersionPlan version) {
    return isMain(plan, version) ? plan.name() : plan.name() + ":" + version.id();
  }

  private static boolean isMain(WorkerPlan plan, VersionPlan version) {
    return plan.versions().get(0).id().equals(version.id());
  }

  /**
   * All Workers of a plan.
   *
   * @param tailed the scripts whose events are collected
   * @param limits of all D1 databases
   */
  ObjectNode of(RuntimePlan plan, Set<String> tailed, D1Limits limits) {
    ObjectNode options =
        mapper.createObjectNode().put("resourcePersistencePath", files.storage().toString());
    // Guards Miniflare's own proxy on the entry socket, which we do not use.
    options.put("unsafeProxySharedSecret", secret);
    ArrayNode workers = options.putArray("workers");
    workers.add(gateway(plan.workers(), limits));
    workers.add(front(plan));
    for (WorkerPlan script : plan.workers()) {
      workers.add(edge(script));
      for (VersionPlan version : script.versions()) {
        ObjectNode worker = worker(script, version, false);
        if (limits.enforced()) {
          countQueries((ObjectNode) worker.path("config"), version, limits);
        }
        if (tailed.contains(script.name())) {
          addTail((ObjectNode) worker.path("config"), script, version);
        }
        workers.add(worker);
      }
    }
    return options;
  }

  /** The plan's first version as a Worker of its own, without bindings to other Workers. */
  ObjectNode probe(WorkerPlan plan) {
    return worker(plan, plan.versions().get(0), true);
  }

  private ObjectNode gateway(List<WorkerPlan> plans, D1Limits limits) {
    ObjectNode worker = ownWorker(GATEWAY, "gateway.mjs");
    ObjectNode env = (ObjectNode) worker.path("config").path("env");
    env.putObject("SECRET").put("type", "text").put("value", secret);
    // One real D1 binding makes Miniflare start the service that the plugin's binding points at.
    env.putObject("ANY").put("type", "d1").put("id", "gateway");
    ObjectNode entry = env.putObject("D1").put("type", "unsafe:d1-entry");
    throughPlugin(entry).set("options", mapper.valueToTree(limits));
    for (WorkerPlan plan : plans) {
      env.set(scheduledBinding(plan.name()), service(plan.name()));
    }
    return worker;
  }

  private ObjectNode front(RuntimePlan plan) {
    ObjectNode worker = ownWorker("front", "front.mjs");
    ObjectNode env = (ObjectNode) worker.path("config").path("env");
    ArrayNode routes = env.putObject("ROUTES").put("type", "json").putArray("value");
    for (RuntimePlan.RoutePlan route : plan.routes()) {
      ObjectNode item = routes.addObject().put("pattern", route.pattern());
      if (!route.script().isEmpty()) {
        String binding = "script-" + route.script();
        item.put("binding", binding);
        env.set(binding, service(edgeName(route.script())));
      }
    }
    listen(worker, plan.frontPort());
    return worker;
  }

  private ObjectNode edge(WorkerPlan plan) {
    ObjectNode worker = ownWorker(edgeName(plan.name()), "edge.mjs");
    ObjectNode env = (ObjectNode) worker.path("config").path("env");
    env.putObject("SCRIPT").put("type", "text").put("value", plan.name());
    ArrayNode shares = env.putObject("VERSIONS").put("type", "json").putArray("value");
    for (VersionPlan version : plan.versions()) {
      String binding = "version-" + version.id();
      shares
          .addObject()
          .put("id", version.id())
          .put("percentage", version.percentage())
          .put("binding", binding);
      env.set(binding, service(workerName(plan, version)));
    }
    listen(worker, plan.port());
    return worker;
  }

  /** A probe asks no database, and has none of the gateway's services. */
  private ObjectNode limited(ObjectNode option) {
    if (option.path("type").asText().equals("d1")) {
      String database = option.path("id").asText();
      option.removeAll().put("type", "unsafe:d1");
      throughPlugin(option).putObject("options").put("database", database);
    }
    return option;
  }

  private static void listen(ObjectNode worker, int port) {
    worker
        .putObject("dev")
        .putArray("unsafeDirectSockets")
        .addObject()
        .put("host", "127.0.0.1")
        .put("port", port);
  }

  private ObjectNode ownWorker(String name, String module) {
    ObjectNode worker = mapper.createObjectNode();
    ObjectNode config = worker.putObject("config").put("name", name);
    config.put("compatibilityDate", OWN_COMPATIBILITY_DATE);
    // Who stands at the door negotiates compression, not the script behind it.
    config
        .putArray("compatibilityFlags")
        .add("service_binding_extra_handlers")
        .add("no_web_socket_compression");
    config.putObject("env");
    ObjectNode manifest = config.putObject("manifest").put("mainModule", module);
    addModule(
        manifest.putObject("modules"), module, "esm", files.beside("workers").resolve(module));
    return worker;
  }

  private ObjectNode worker(WorkerPlan plan, VersionPlan version, boolean alone) {
    ObjectNode worker = mapper.createObjectNode();
    ObjectNode config = worker.putObject("config");
    config.put("name", alone ? plan.name() : workerName(plan, version));
    config.put("compatibilityDate", version.compatibilityDate());
    ArrayNode flags = config.putArray("compatibilityFlags");
    version.compatibilityFlags().forEach(flags::add);
    ObjectNode manifest = config.putObject("manifest").put("mainModule", version.mainModule());
    ObjectNode modules = manifest.putObject("modules");
    for (WorkerPlan.Module module : version.modules()) {
      addModule(modules, module.name(), moduleType(module.contentType()), module.file());
    }
    ObjectNode env = config.putObject("env");
    for (JsonNode binding : version.bindings()) {
      bindings
          .of(binding, plan.name(), version)
          .filter(option -> !alone || !BindingOptions.needsWorker(option))
          .map(option -> alone ? option : limited(option))
          .ifPresent(option -> env.set(binding.path("name").asText(), option));
    }
    if (!alone && isMain(plan, version)) {
      addClasses(config, plan.classes());
    }
    return worker;
  }

  /** workerd does not tell a tail whose events it gets: its props do. */
  private static void addTail(ObjectNode config, WorkerPlan plan, VersionPlan version) {
    config
        .putArray("tailConsumers")
        .addObject()
        .put("worker", GATEWAY)
        .put("entrypoint", "Tail")
        .putObject("props")
        .put("script", plan.name())
        .put("version", version.id());
  }

  private static void addClasses(ObjectNode config, Map<String, WorkerPlan.DurableClass> classes) {
    ObjectNode exports = config.putObject("exports");
    classes.forEach(
        (name, durableClass) ->
            exports
                .putObject(name)
                .put("type", "durable-object")
                .put("storage", durableClass.sqlite() ? "sqlite" : "legacy-kv")
                .put("unsafeUniqueKey", durableClass.key()));
  }

  private ObjectNode throughPlugin(ObjectNode binding) {
    ObjectNode dev = binding.putObject("dev");
    dev.putObject("plugin")
        .put("name", "d1-entry")
        .put("package", files.beside("d1-entry.mjs").toString());
    return dev;
  }

  /** Puts a module before the uploaded one that counts the D1 queries of each invocation. */
  private void countQueries(ObjectNode config, VersionPlan version, D1Limits limits) {
    boolean usesD1 =
        version.bindings().stream().anyMatch(b -> b.path("type").asText().equals("d1"));
    if (!usesD1) {
      return;
    }
    ObjectNode manifest = (ObjectNode) config.path("manifest");
    ObjectNode modules = (ObjectNode) manifest.path("modules");
    addModule(modules, COUNTER, "esm", files.beside("workers").resolve("invocations.mjs"));
    String uploaded = mapper.valueToTree("./" + version.mainModule()).toString();
    String defaultExport =
        version.hasDefault() ? "export { default } from " + uploaded + ";\n" : "";
    modules
        .putObject(COUNTED)
        .put("type", "esm")
        .put(
            "contents",
            "import * as worker from %s;\nimport { limitQueries, tellMost } from \"./%s\";\n"
                    .formatted(uploaded, COUNTER)
                + "limitQueries(worker, %d);\ntellMost(worker, \"%s\");\nexport * from %s;\n"
                    .formatted(limits.queriesPerInvocation(), secret, uploaded)
                + defaultExport);
    manifest.put("mainModule", COUNTED);
    if (version.compatibilityFlags().stream().noneMatch(flag -> flag.startsWith("nodejs_"))) {
      ((ArrayNode) config.path("compatibilityFlags")).add("nodejs_als");
    }
  }

  private static void addModule(ObjectNode modules, String name, String type, Path file) {
    modules.putObject(name).put("type", type).putObject("contents").put("file", file.toString());
  }

  private ObjectNode service(String worker) {
    return mapper.createObjectNode().put("type", "worker").put("worker", worker);
  }

  /** Miniflare's word for an uploaded module's content type. */
  private static String moduleType(String contentType) {
    String type = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/javascript+module", "application/javascript", "text/javascript" -> "esm";
      case "application/wasm" -> "wasm";
      case "text/plain" -> "text";
      case "application/json" -> "json";
      case "application/source-map" -> "sourcemap";
      default -> "data";
    };
  }
}
