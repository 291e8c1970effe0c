import { defineConfig } from "vitest/config";
import { reporters } from "../../tools/reporters.mjs";

// Units run with every `npm test`. Journeys drive a real browser against a real relay, on machines that may be busy, so
// that they run once: from e2e, against the relay that is deployed there, or by `npm run journeys`.
export default defineConfig({
  test: {
    reporters: reporters(process.argv.includes("journeys") ? "journeys" : "units"),
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
