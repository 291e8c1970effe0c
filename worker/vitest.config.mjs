import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { reporters } from "../tools/reporters.mjs";
import KeepSeeds from "./test/keep-seeds.mjs";
import MostQueries from "./test/most-queries.mjs";

const bindings = JSON.parse(readFileSync(new URL("bindings.json", import.meta.url), "utf8"));

const plain = {
  ENVIRONMENT: "local",
  ALLOWED_ORIGINS: "https://app.example.com",
  TTL_DEFAULT_SECONDS: "604800",
  TTL_MAX_SECONDS: "2592000",
  QUOTA_BYTES: "104857600",
  QUOTA_OBJECTS: "100000",
  QUOTA_STORES: "100",
  QUOTA_SOCKETS: "16",
};

/** The same bindings as in production, from the same file, in the real runtime; secrets are new in every run. */
export default defineConfig({
  // The page itself is tested in a real browser; here a few files of known content stand for it.
  resolve: {
    alias: { "web-assets": fileURLToPath(new URL("test/web-assets.json", import.meta.url)) },
  },
  plugins: [
    cloudflareTest(async () => ({
      main: "./src/index.ts",
      miniflare: {
        compatibilityDate: bindings.compatibility_date,
        compatibilityFlags: bindings.compatibility_flags,
        d1Databases: [bindings.d1],
        durableObjects: Object.fromEntries(
          bindings.durable_objects.map(({ binding, class_name }) => [
            binding,
            { className: class_name, useSQLite: true },
          ]),
        ),
        versionMetadata: bindings.version_metadata,
        ratelimits: Object.fromEntries(
          bindings.rate_limits.map(({ binding, limit, period_seconds }) => [
            binding,
            { namespace_id: binding, simple: { limit, period: period_seconds } },
          ]),
        ),
        bindings: {
          ...Object.fromEntries(
            bindings.secrets
              .filter((name) => name !== "JWT_SECRET_PREVIOUS")
              .map((name) => [name, randomBytes(32).toString("base64url")]),
          ),
          ...Object.fromEntries(bindings.plain.map((name) => [name, plain[name] ?? ""])),
          MODEL_STEPS:
            process.env.MODEL_STEPS ?? (process.env.LEVEL === "fast" ? "10000" : "100000"),
          EXPLORE: process.env.EXPLORE ?? "",
          TEST_MIGRATIONS: await readD1Migrations(
            new URL("../migrations", import.meta.url).pathname,
          ),
        },
      },
    })),
  ],
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // Nothing is measured here; a busy machine may take its time.
    testTimeout: 30_000,
    reporters: [...reporters("vitest"), new KeepSeeds(), new MostQueries()],
    setupFiles: ["./test/apply-migrations.ts", "./test/count-queries.ts"],
  },
});
