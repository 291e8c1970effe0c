import { defineConfig } from "vitest/config";

// Units run with every `npm test`. Journeys drive a real browser against a real relay, on machines that may be busy, so
// that they run once: from e2e, against the relay that is deployed there, or by `npm run journeys`.
export default defineConfig({
  test: {
    projects: [
      { test: { name: "units", include: ["src/**/*.test.ts"] } },
      {
        test: {
          name: "journeys",
          include: ["test/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
