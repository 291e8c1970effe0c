/**
 * A Miniflare plugin for D1. With `unsafe:d1-entry` one Worker reaches every database, which it
 * names in a header, and a new database needs no restart of workerd. `unsafe:d1` is a D1 binding
 * like Miniflare's own. Both lead through `workers/d1-limits.mjs`, which has production's limits.
 */
import { readFile } from "node:fs/promises";

const limiter = "d1-limits";
const source = new URL("workers/d1-limits.mjs", import.meta.url);

const ofType = (config, type) =>
  Object.entries(config.env).filter(([, binding]) => binding.type === type);

/** As Miniflare makes a D1 binding, but for where it leads. */
const database = (name, id) => ({
  name,
  wrapped: {
    moduleName: "cloudflare-internal:d1-api",
    innerBindings: [
      {
        name: "fetcher",
        service: { name: limiter, props: { json: JSON.stringify({ database: id }) } },
      },
    ],
  },
});

const entry = {
  getBindings: ({ config }) => [
    ...ofType(config, "unsafe:d1-entry").map(([name]) => ({ name, service: { name: limiter } })),
    ...ofType(config, "unsafe:d1").map(([name, { dev }]) => database(name, dev.options.database)),
  ],
  getNodeBindings: () => ({}),
  getServices: async ({ options }) => {
    const esModule = await readFile(source, "utf8");
    return ofType(options.config, "unsafe:d1-entry").map(([, { dev }]) => ({
      name: limiter,
      worker: {
        compatibilityDate: "2026-11-01",
        modules: [{ name: "d1-limits.mjs", esModule }],
        bindings: [
          { name: "DATABASES", service: { name: "d1:db:entry" } },
          { name: "LIMITS", json: JSON.stringify(dev.options) },
        ],
      },
    }));
  },
};

export const plugins = { "d1-entry": entry };
