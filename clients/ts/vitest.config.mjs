import { defineConfig } from "vitest/config";
import { reporters } from "../../tools/reporters.mjs";

// Random tests and a real browser take their time on a machine that is busy; nothing here waits for a clock.
export default defineConfig({
  test: {
    // What is packed, installed and run elsewhere, browsers included, belongs to the full level (see also findChromium).
    exclude: [
      "**/node_modules/**",
      ...(process.env.LEVEL === "fast" ? ["test/package.test.ts"] : []),
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: reporters("vitest"),
  },
});
