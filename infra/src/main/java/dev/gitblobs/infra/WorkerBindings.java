package dev.gitblobs.infra;

import com.pulumi.core.Output;
import dev.gitblobs.infra.cloudflare.WorkerBinding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Gives every name of the Worker's manifest its value. */
final class WorkerBindings {
  private WorkerBindings() {}

  /**
   * All bindings in a fixed order: D1, plain texts, Durable Objects, secrets, rate limiters,
   * version. The provider compares them by position, so another order would be a change.
   *
   * @throws SettingsException if the manifest names a variable for which there is no setting
   */
  static List<WorkerBinding> of(
      WorkerManifest manifest, StackSettings settings, Output<String> databaseId) {
    refuseUnknownNames(manifest, settings);
    var bindings = new ArrayList<WorkerBinding>();
    bindings.add(WorkerBinding.d1(manifest.d1(), databaseId));
    for (var name : manifest.plain()) {
      bindings.add(WorkerBinding.plainText(name, settings.plain().getOrDefault(name, "")));
    }
    for (var object : manifest.durableObjects()) {
      bindings.add(WorkerBinding.durableObject(object.binding(), object.className()));
    }
    for (var name : manifest.secrets()) {
      var secret = settings.secrets().get(name);
      if (secret != null) {
        bindings.add(WorkerBinding.secret(name, secret.output()));
      }
    }
    for (var limit : manifest.rateLimits()) {
      bindings.add(
          WorkerBinding.rateLimit(
              limit.binding(),
              namespaceId(settings.resourceName() + "/" + limit.binding()),
              limit.limit(),
              limit.periodSeconds()));
    }
    bindings.add(WorkerBinding.versionMetadata(manifest.versionMetadata()));
    return bindings;
  }

  private static void refuseUnknownNames(WorkerManifest manifest, StackSettings settings) {
    var unknown = new ArrayList<String>();
    manifest.plain().stream()
        .filter(name -> !settings.plain().containsKey(name))
        .forEach(name -> unknown.add("plain variable " + name));
    manifest.secrets().stream()
        .filter(name -> !StackSettings.SECRET_NAMES.contains(name))
        .forEach(name -> unknown.add("secret " + name));
    if (!unknown.isEmpty()) {
      throw new SettingsException(
          "worker/bindings.json names what StackSettings gives no value:", unknown);
    }
  }

  /**
   * A number per environment and limiter: Workers of one account that share it share their counts.
   */
  private static String namespaceId(String name) {
    var crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    // 31 bits, and never 0: Cloudflare wants a positive integer.
    return Long.toString((crc.getValue() & 0x7fff_ffffL) | 1);
  }
}
