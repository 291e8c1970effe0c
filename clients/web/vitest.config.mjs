import { defineConfig } from "vitest/config";

// Journeys drive a real browser against a real relay, on machines that may be busy; nothing here waits for a clock.
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
