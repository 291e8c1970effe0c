import { defineConfig } from "vitest/config";

// Random tests and a real browser take their time on a machine that is busy; nothing here waits for a clock.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 120_000 } });
