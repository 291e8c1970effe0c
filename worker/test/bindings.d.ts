import type { D1Migration } from "cloudflare:test";
import type { Env as RelayEnv } from "../src/env.ts";

declare global {
  interface ImportMeta {
    /** Vite: the files that match, read at build time. */
    glob<T>(
      pattern: string | readonly string[],
      options: { readonly query: "?raw"; readonly import: "default"; readonly eager: true },
    ): Record<string, T>;
  }
  namespace Cloudflare {
    /** What `cloudflare:workers` gives tests as `env`. */
    interface Env extends RelayEnv {
      readonly TEST_MIGRATIONS: D1Migration[];
      readonly MODEL_STEPS: string;
      readonly EXPLORE: string;
    }
    /** What it gives them as `exports`. */
    interface GlobalProps {
      mainModule: typeof import("../src/index.ts");
    }
  }
}
