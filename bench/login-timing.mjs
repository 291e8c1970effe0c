// Does the time of a refused login tell whether the user exists? Both kinds in turn; prints quantiles and the median of
// what one took longer than the other, with its 95 % interval. Exits 1 when the medians differ by 5 ms or more.
//   node bench/login-timing.mjs [tries of each kind, 200 unless told]
import { performance } from "node:perf_hooks";
import { call, quantile } from "./relay-client.mjs";
import { report } from "./report.mjs";
import { startRelay } from "./start-relay.mjs";

const tries = Number(process.argv[2] ?? 200);

/** The median of what one kind took longer than the other in the same round, and its 95 % interval. */
function pairedDifference(left, right) {
  const differences = left.map((value, index) => value - right[index]);
  // Order statistics around the median: n/2 -+ 0.98 * sqrt(n).
  const reach = (0.98 * Math.sqrt(differences.length)) / differences.length;
  return [0.5, 0.5 - reach, 0.5 + reach].map((q) => quantile(differences, q).toFixed(2));
}

const relay = await startRelay();
try {
  const { url, secrets, database } = relay;
  await call(url, "POST", "/admin/users", secrets.ADMIN_TOKEN, { username: "known" });
  const times = { known: [], unknown: [] };
  for (let index = 0; index < tries * 2 + 10; index += 1) {
    const kind = index % 2 === 0 ? "known" : "unknown";
    // The throttle would refuse the eleventh failure without hashing.
    await database.prepare("DELETE FROM login_attempts").run();
    const started = performance.now();
    const { status } = await call(url, "POST", "/login", undefined, {
      username: kind,
      password: "not the password",
      device: "bench",
    });
    const elapsed = performance.now() - started;
    if (status !== 401) {
      throw new Error(`POST /login answered ${status} instead of 401`);
    }
    // The first ones warm up.
    if (index >= 10) {
      times[kind].push(elapsed);
    }
  }
  const rows = Object.entries(times).map(([kind, all]) => {
    const at = (q) => Number(quantile(all, q).toFixed(2));
    return { user: kind, tries: all.length, p10_ms: at(0.1), median_ms: at(0.5), p90_ms: at(0.9) };
  });
  console.table(rows);
  const [median, low, high] = pairedDifference(times.known, times.unknown);
  console.log(`median of the differences in each round: ${median} ms (95 %: ${low} to ${high} ms)`);
  report("What the time of a refused login tells about the user", [
    {
      what: "refused logins of known users against unknown ones: difference of the medians",
      ours: Math.abs(rows[0].median_ms - rows[1].median_ms),
      unit: "ms",
      better: "lower",
      goal: 5,
    },
  ]);
} finally {
  await relay.stop();
}
