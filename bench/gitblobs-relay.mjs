// First push and first clone of many small files through a relay on this machine, beside `git push` and `git clone` over
// smart HTTP with the same files in the same run; then one changed file: round trips and bytes of `gitblobs push`. Whole
// processes, medians. Usage: node bench/gitblobs-relay.mjs [FILES [BYTES [ROUNDS]]], after `npm run build -w worker`.
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { countingProxy } from "./counting-proxy.mjs";
import { serveGit } from "./git-server.mjs";
import { at, env, gitblobs, run, seconds } from "./programs.mjs";
import { call, median } from "./relay-client.mjs";
import { report } from "./report.mjs";
import { startRelay } from "./start-relay.mjs";

const [files = 10_000, bytes = 1_024, rounds = 3] = process.argv.slice(2).map(Number);
/** What one file adds to a tree's canonical text beside its path: a hash, none of metadata, the type. */
const entryBytes = '"":{"blob_hash":"","metadata_hash":"","type":"file"},'.length + 64;

async function logIn(relay, url) {
  const { url: origin, secrets } = relay;
  const user = { username: "ada", role: "user" };
  const made = await call(origin, "POST", "/admin/users", secrets.ADMIN_TOKEN, user);
  const once = made.body.one_time_password;
  const password = `long enough ${randomBytes(12).toString("hex")}`;
  const file = at("passwords");
  const login = ["login", url, "--user", "ada", "--password-file", file];
  writeFileSync(file, `${once}\n${password}\n`);
  await run(gitblobs, login);
  await run(gitblobs, ["passwd", url, "--password-file", file]);
  writeFileSync(file, `${password}\n`);
  await run(gitblobs, login);
}

/** The same new files for both, committed by both. */
async function prepare(name, count, url) {
  const content = at(`content-${name}`);
  mkdirSync(content);
  for (let i = 0; i < count; i++) {
    writeFileSync(`${content}/file-${i}.txt`, randomBytes(bytes / 2).toString("hex"));
  }
  const store = ["--store", at(`store-${name}`)];
  await run(gitblobs, [...store, "init"]);
  await run(gitblobs, [...store, "add", ".", "-m", "all"], { cwd: content });
  await run(gitblobs, [...store, "remote", "set", url, name]);
  for (const words of [
    ["init", "-q"],
    ["add", "."],
    ["commit", "-qm", "all"],
  ]) {
    await run("git", words, { cwd: content });
  }
  await run("git", ["init", "-q", "--bare", `served/${name}.git`]);
  await run("git", ["-C", `served/${name}.git`, "config", "http.receivepack", "true"]);
  return { content, store };
}

/** Seconds of the first push and the first clone of that many files, of both. */
async function exchange(name, { content, store }, url, git) {
  const repository = `${git.url}/${name}.git`;
  const gitPush = ["push", "-q", repository, "HEAD:refs/heads/main"];
  return {
    gitPush: await seconds(() => run("git", gitPush, { cwd: content })),
    push: await seconds(() => run(gitblobs, [...store, "push"])),
    gitClone: await seconds(() => run("git", ["clone", "-q", repository, `git-${name}`])),
    clone: await seconds(() => run(gitblobs, ["clone", url, name, at(`clone-${name}`)])),
  };
}

/** What the push of one changed file costs, beside the bytes of the file and the tree. */
async function pushOneChange({ store }, proxy) {
  const changed = randomBytes(bytes / 2).toString("hex");
  writeFileSync(at("file-7.txt"), changed);
  await run(gitblobs, [...store, "add", "file-7.txt"]);
  const tree = JSON.parse(await run(gitblobs, [...store, "snapshot", "--json"])).files;
  const treeBytes = tree.reduce((sum, { path }) => sum + path.length + entryBytes, 2);
  proxy.reset();
  await run(gitblobs, [...store, "push"]);
  return { ...proxy.counted, bytes: changed.length + treeBytes };
}

const relay = await startRelay();
const proxy = await countingProxy(relay.url);
mkdirSync(at("served"));
const git = await serveGit(at("served"), env);
await logIn(relay, proxy.url);

const points = { push: [], gitPush: [], clone: [], gitClone: [] };
let last;
for (const count of [...new Set([100, 1_000, files])].filter((one) => one <= files)) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const name = `bench-${count}-${round}`;
    last = await prepare(name, count, proxy.url);
    times.push(await exchange(name, last, proxy.url, git));
  }
  for (const what of Object.keys(points)) {
    points[what].push([count, median(times.map((time) => time[what]))]);
  }
}
const change = await pushOneChange(last, proxy);
git.stop();
proxy.stop();
await relay.stop();

const whole = (what) => points[what].at(-1)[1];
const lower = { better: "lower", unit: "s", peerName: "git over HTTP", goal: 1 };
report(`${files} files of ${bytes} bytes through a relay on this machine, whole processes`, [
  {
    what: `first push of ${files} files`,
    ours: whole("push"),
    peer: whole("gitPush"),
    ...lower,
    lift: "10,000 objects are 10,000 rows that one hub commits, and as many files that a JVM reads; git reads and writes one pack.",
  },
  {
    what: `first clone of ${files} files`,
    ours: whole("clone"),
    peer: whole("gitClone"),
    ...lower,
    lift: "the original's layout is one file for each object, and making 10,000 of them durable takes seconds by itself; a pack beside the layout would be faster, but original clients could not read it.",
  },
  {
    what: "push of one changed file",
    ours: change.trips,
    unit: "round trips",
    better: "lower",
    goal: 3,
  },
  {
    what: "bytes sent for one changed file",
    ours: change.sent,
    peer: change.bytes,
    peerName: "its bytes and the tree's",
    unit: "bytes",
    better: "lower",
    goal: 1.2,
  },
]);
const file = process.env.BENCH_ROWS;
for (const [what, name, own] of [
  ["push", "gitblobs", "push"],
  ["push", "git over HTTP", "gitPush"],
  ["clone", "gitblobs", "clone"],
  ["clone", "git over HTTP", "gitClone"],
]) {
  const note = { plot: "sync-sizes", what, name, points: points[own] };
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(note)}\n`);
}
// Sockets of the proxy and the server may linger.
process.exit();
