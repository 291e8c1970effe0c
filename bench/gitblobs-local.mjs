// gitblobs beside git on the same content, whole processes, medians: the start, one more file in a store of FILES, the log
// of COMMITS commits, the check of OBJECTS objects. Usage: node bench/gitblobs-local.mjs [FILES [COMMITS [OBJECTS]]]
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { at, gitblobs, medianSeconds, run } from "./programs.mjs";
import { jvmStart, report } from "./report.mjs";

const [files = 10_000, commits = 10_000, objects = 100_000] = process.argv.slice(2).map(Number);
const author = { name: "a", email: "a@example.org", timestamp: "2024-03-20T12:00:00.000Z" };
const rows = [];

/** Times both and notes the ratio. */
async function beside(what, runs, ours, git, prepare) {
  const row = { what, ours: await medianSeconds(runs, ours, prepare), unit: "s", better: "lower" };
  rows.push({ ...row, peer: await medianSeconds(runs, git, prepare), peerName: "git" });
}

/** A store and a repository of the same files, in one commit each. */
async function fill(name, count) {
  const content = at(`${name}-content`);
  mkdirSync(content);
  for (let i = 0; i < count; i++) {
    writeFileSync(
      `${content}/file-${i}.txt`,
      `file ${i}: text of about sixty-four bytes\n`.repeat(4),
    );
  }
  const store = ["--store", at(name)];
  await run(gitblobs, [...store, "init"]);
  await run(gitblobs, [...store, "add", ".", "-m", "all"], { cwd: content });
  for (const words of [
    ["init", "-q"],
    ["add", "."],
    ["commit", "-qm", "all"],
  ]) {
    await run("git", words, { cwd: content });
  }
  return { store, content };
}

/** Puts commits on top of a store's head, as the format of its folder says. */
function chainInStore(folder) {
  const head = JSON.parse(readFileSync(`${folder}/HEAD`, "utf8"));
  const first = JSON.parse(readFileSync(`${folder}/objects/${head.value}`, "utf8"));
  const tree_hash = first.content.tree_hash;
  let last = head.value;
  for (let i = 0; i < commits; i++) {
    const parent_hashes = [last];
    const message = `commit ${i}`;
    const canonical = { author, committer: author, message, parent_hashes, tree_hash };
    last = createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
    const content = { tree_hash, parent_hashes, author, committer: author, message };
    const object = JSON.stringify({ type: "commit", hash: last, content });
    writeFileSync(`${folder}/objects/${last}`, object);
  }
  writeFileSync(`${folder}/HEAD`, JSON.stringify({ type: "commit", value: last }));
}

async function chainInRepository(content) {
  const one = (i) => {
    const message = `commit ${i}`;
    const from = i === 0 ? "from refs/heads/main^0\n" : "";
    return `commit refs/heads/main\ncommitter a <a@example.org> 1710936000 +0000\ndata ${message.length}\n${message}\n${from}`;
  };
  const input = Array.from({ length: commits }, (_, i) => one(i)).join("");
  await run("git", ["fast-import", "--quiet"], { cwd: content, input });
}

await run(gitblobs, ["--version"]);
const start = await medianSeconds(11, () => run(gitblobs, ["--version"]));
rows.push({
  what: "gitblobs --version",
  ours: start,
  unit: "s",
  better: "lower",
  goal: 0.2,
  lift: jvmStart,
});

const many = await fill("many", files);
let changes = 0;
await beside(
  `add and commit of one file, ${files} there`,
  5,
  () => run(gitblobs, [...many.store, "add", "changed.txt"], { cwd: many.content }),
  async () => {
    await run("git", ["add", "changed.txt"], { cwd: many.content });
    await run("git", ["commit", "-qm", "x"], { cwd: many.content });
  },
  () => writeFileSync(`${many.content}/changed.txt`, `change ${changes++}\n`),
);

const long = await fill("long", 1);
chainInStore(at("long"));
await chainInRepository(long.content);
await beside(
  `log of ${commits} commits`,
  5,
  () => run(gitblobs, [...long.store, "log", "--json"]),
  () => run("git", ["log"], { cwd: long.content }),
);

const whole = await fill("whole", objects);
await beside(
  `check of ${objects} objects`,
  3,
  () => run(gitblobs, [...whole.store, "verify"]),
  () => run("git", ["fsck", "--full"], { cwd: whole.content }),
);
report("gitblobs on this machine, whole processes", rows);
