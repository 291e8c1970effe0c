package dev.gitblobs.infra.cloudflare;

import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.CustomResourceOptions;

/**
 * Pins the provider plugin that all resources and look-ups share: with one version everywhere the
 * engine loads one plugin, once.
 */
final class CloudflarePlugin {
  private static final String VERSION = "6.17.0";

  private CloudflarePlugin() {}

  static CustomResourceOptions pin(CustomResourceOptions.Builder options) {
    return options.version(VERSION).build();
  }

  static InvokeOptions lookUp() {
    return InvokeOptions.builder().version(VERSION).build();
  }
}
