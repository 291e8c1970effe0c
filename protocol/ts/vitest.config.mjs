import { defineConfig } from "vitest/config";
import { reporters } from "../../tools/reporters.mjs";

// Random tests take their time on a machine that is busy; nothing here waits for a clock.
export default defineConfig({
  test: { testTimeout: 120_000, hookTimeout: 120_000, reporters: reporters("vitest") },
});
