// What the relay promises in numbers, and the program that measures each.
import { delivery } from "./delivery.mjs";
import { evictions, invalidFrames, restart, soak, stalledReader, sweep } from "./endurance.mjs";
import { greedyReaders } from "./greedy.mjs";
import { latencyUnderLogins, relayLatency, throughput } from "./latency.mjs";
import { history } from "./history.mjs";
import { hostileNeighbour } from "./neighbour.mjs";
import { revocation, rotation, singleUse } from "./sessions.mjs";
import * as suites from "./suites.mjs";

/** Figures that depend on how fast and how busy the machine is. */
const timed = new Set(["R6", "R9", "R10", "R11", "R12", "R16", "R23", "R26"]);

/**
 * Each: its id, what is measured, the target, and `measure(isLong)` that gives {ID: {figure, met}}. `isTimed` figures say
 * something of the machine as well; `isSuite` ones run a test suite of the project.
 */
export const figures = [
  ["R1", "acknowledged operations lost over kill -9", "0", suites.kills],
  ["R2", "double effects when frames are sent again", "0", delivery],
  ["R3", "events out of order or missing at a device", "0", delivery],
  ["R4", "deliveries to another user", "0", delivery],
  ["R5", "reads that return expired data", "0", suites.model],
  ["R6", "from the restart until 100 clients have caught up", "p99 < 2 s", restart],
  ["R7", "requests refused while keys rotate", "0", rotation],
  ["R8", "from the end of a session to its socket's", "p99 < 1 s", revocation],
  ["R9", "relay latency with 1, 10, 100 peers", "p99 < 50 ms", relayLatency],
  ["R10", "relay latency while 20 logins a second hash", "p99 <= 3 x quiet", latencyUnderLogins],
  ["R11", "messages of 1 KB through one hub", ">= 5,000 a second", throughput],
  ["R12", "memory with 1 stalled and 50 live readers", "< 64 MiB more", stalledReader],
  ["R13", "invalid frames that crash or are met with silence", "0", invalidFrames],
  ["R14", "forged tokens accepted", "0", suites.forgedTokens],
  ["R15", "single-use tickets won other than once", "0", singleUse],
  ["R16", "login time, known against unknown user", "< 5 ms", suites.loginTiming],
  ["R17", "wrong answers while the database fails", "0", suites.databaseFaults],
  ["R18", "kill points of a migration that do not recover", "0", suites.migrationKills],
  ["R19", "expired rows left by the sweep", "0", sweep],
  ["R20", "steps of the model", "1,000,000", suites.model],
  ["R21", "mutation score", ">= 85 %", suites.mutations],
  ["R22", "secrets found in logs", "0", suites.canaries],
  ["R23", "growth of memory", "< 1 MiB an hour", soak],
  ["R24", "restore drill: rows and hashes that differ", "0", suites.restoreDrill],
  ["R25", "sessions kept over evictions of the hub", "all", evictions],
  [
    "R26",
    "p99 of a neighbour while one user does each operation at its maximum",
    "<= 2 x quiet",
    hostileNeighbour,
  ],
  ["R27", "D1 queries of any one request or frame", "<= 50", suites.queries],
  ["R28", "memory with greedy and unfinished readers and senders", "< 64 MiB more", greedyReaders],
  [
    "R29",
    "billed rows of a push of three small objects, expiry included",
    "<= 12",
    suites.billedRows,
  ],
  [
    "R30",
    "clone of a store pushed to daily for three times its time to live",
    "whole",
    suites.renewal,
  ],
  ["R32", "losses by a migration that the lint let pass", "0", suites.lint],
  ["R33", 'devices that say "up to date" and are not, after a reconnect', "0", suites.reconnects],
  [
    "R35",
    "answered changes of a script that a concurrent call undid",
    "0",
    suites.concurrentChanges,
  ],
  [
    "R36",
    "acknowledged and lost, doubled, out of order or foreign under cuts and kills",
    "0",
    history,
  ],
].map(([id, claim, target, measure]) => ({
  id,
  claim,
  target,
  measure,
  isTimed: timed.has(id),
  isSuite: Object.values(suites).includes(measure),
}));
