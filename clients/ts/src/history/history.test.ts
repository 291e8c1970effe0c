import { describe, expect, it } from "vitest";
import { makeBlob, makeCommit, makeEntry, makeTree } from "../store/create.ts";
import { MemoryStorage } from "../store/memory-storage.ts";
import { entriesOf } from "../store/objects.ts";
import { headOf, treeOf } from "../store/storage.ts";
import { isAncestor, mergeBases, missingCommits } from "./ancestry.ts";
import { commitFiles, graft } from "./commit-files.ts";
import { walkCommits } from "./commit-walk.ts";
import { mergeIntoHead } from "./merge.ts";
import { missingObjects } from "./missing-objects.ts";

const ada = (minute: number) => ({
  name: "Ada",
  email: "ada@example.org",
  timestamp: `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`,
});

/** A store that holds a graph: name, parents, files. Time passes with each commit unless told. */
async function graph(
  ...nodes: readonly { name: string; parents?: string[]; files?: string; minute?: number }[]
) {
  const storage = new MemoryStorage();
  const hashes = new Map<string, string>();
  for (const [index, { name, parents = [], files = name, minute = index }] of nodes.entries()) {
    const blobs = await Promise.all(
      Array.from(files, (f) => makeBlob(new TextEncoder().encode(f))),
    );
    const tree = await makeTree(
      blobs.map((blob, i) => [`file-${files[i] ?? ""}`, makeEntry(blob.hash)]),
    );
    const commit = await makeCommit({
      tree_hash: tree.hash,
      parent_hashes: parents.map((parent) => hashes.get(parent) ?? ""),
      author: ada(minute),
      committer: ada(minute),
      message: name,
    });
    await storage.putAll([...blobs, tree, commit]);
    hashes.set(name, commit.hash);
  }
  const at = (name: string) => hashes.get(name) ?? "";
  const names = (list: Iterable<string>) =>
    [...list].map((hash) => [...hashes].find(([, h]) => h === hash)?.[0]).sort();
  return { storage, at, names };
}

const diamond = () =>
  graph(
    { name: "r" },
    { name: "a", parents: ["r"] },
    { name: "b", parents: ["r"] },
    { name: "m", parents: ["a", "b"] },
    { name: "t", parents: ["m"] },
  );

describe("the merge base", () => {
  it("is found over second parents", async () => {
    const { storage, at, names } = await diamond();
    expect(names(await mergeBases(storage, at("t"), at("b")))).toEqual(["b"]);
    expect(names(await mergeBases(storage, at("a"), at("b")))).toEqual(["r"]);
  });

  it("is several commits after a criss-cross merge", async () => {
    const { storage, at, names } = await graph(
      { name: "r" },
      { name: "a", parents: ["r"] },
      { name: "b", parents: ["r"] },
      { name: "x", parents: ["a", "b"] },
      { name: "y", parents: ["b", "a"] },
    );
    expect(names(await mergeBases(storage, at("x"), at("y")))).toEqual(["a", "b"]);
  });

  it("is nothing for unrelated histories", async () => {
    const { storage, at } = await graph({ name: "x" }, { name: "y" });
    expect(await mergeBases(storage, at("x"), at("y"))).toEqual([]);
  });

  it("is right when a clock ran backwards", async () => {
    const { storage, at, names } = await graph(
      { name: "r", minute: 50 },
      { name: "a", parents: ["r"], minute: 1 },
      { name: "b", parents: ["a"], minute: 40 },
      { name: "c", parents: ["a"], minute: 2 },
    );
    expect(names(await mergeBases(storage, at("b"), at("c")))).toEqual(["a"]);
    expect(await isAncestor(storage, at("r"), at("b"))).toBe(true);
  });
});

describe("what is missing", () => {
  it("is everything between two commits, over all parents, parents first", async () => {
    const { storage, at, names } = await diamond();
    const commits = await missingCommits(storage, at("t"), [at("a")]);
    expect(names(commits.map((commit) => commit.hash))).toEqual(["b", "m", "t"]);
    expect(commits.at(-1)?.hash).toBe(at("t"));
  });

  it("leaves out files that the receiver has next to the missing commits", async () => {
    const { storage, at } = await graph(
      { name: "r", files: "12345" },
      { name: "t", parents: ["r"], files: "123456" },
    );
    const { objects } = await missingObjects(storage, at("t"), [at("r")]);
    expect(objects.map(([type]) => type)).toEqual(["blob", "tree", "commit"]);
  });
});

describe("the log", () => {
  it("lists each commit once, newest first, and never before the child it was found from", async () => {
    const { storage, at } = await graph(
      { name: "r", minute: 1 },
      { name: "a", parents: ["r"], minute: 59 },
      { name: "b", parents: ["r"], minute: 3 },
      { name: "m", parents: ["a", "b"], minute: 4 },
    );
    const messages: string[] = [];
    for await (const commit of walkCommits(storage, [at("m")]))
      messages.push(commit.content.message);
    expect(messages).toEqual(["m", "a", "b", "r"]);
  });
});

describe("a merge into the head", () => {
  const diverged = () =>
    graph(
      { name: "r", files: "1" },
      { name: "ours", parents: ["r"], files: "12" },
      { name: "theirs", parents: ["r"], files: "13" },
    );

  it("makes a commit with both parents, whose author is the merging user", async () => {
    const { storage, at } = await diverged();
    await storage.setHead({ type: "commit", value: at("ours") });
    const outcome = await mergeIntoHead(storage, at("theirs"), { merger: ada(9) });
    if (outcome.kind !== "merged") throw new Error(outcome.kind);
    const { content } = outcome.commit;
    expect(content).toMatchObject({
      parent_hashes: [at("ours"), at("theirs")],
      author: ada(9),
      message: `Merge ${at("theirs")} into ${at("ours")}`,
    });
    const files = entriesOf(await treeOf(storage, outcome.commit.hash));
    expect([...files.keys()]).toEqual(["file-1", "file-2", "file-3"]);
    expect(await headOf(storage)).toBe(outcome.commit.hash);
  });

  it("moves the head forward where we have nothing of our own", async () => {
    const { storage, at } = await diverged();
    await storage.setHead({ type: "commit", value: at("r") });
    expect(await mergeIntoHead(storage, at("theirs"), { merger: ada(9) })).toMatchObject({
      kind: "fast-forwarded",
      to: at("theirs"),
    });
    expect(await headOf(storage)).toBe(at("theirs"));
  });

  it("refuses unrelated histories unless told what to do", async () => {
    const { storage, at } = await graph({ name: "x" }, { name: "y" });
    await storage.setHead({ type: "commit", value: at("x") });
    const merger = ada(9);
    expect((await mergeIntoHead(storage, at("y"), { merger })).kind).toBe("unrelated");
    expect(await headOf(storage)).toBe(at("x"));
    const merged = await mergeIntoHead(storage, at("y"), { merger, unrelated: "merge" });
    expect(merged.kind).toBe("merged");
  });

  it("merges into the head as it stands when somebody moves it meanwhile", async () => {
    const { storage, at } = await diverged();
    await storage.setHead({ type: "commit", value: at("r") });
    const racing = Object.assign(Object.create(storage) as MemoryStorage, {
      getCommit: storage.getCommit,
      getHead: () => storage.getHead(),
      putAll: (objects: never) => storage.putAll(objects),
      moveHead: async (from: string | null, to: string) => {
        if (from === at("r")) await storage.setHead({ type: "commit", value: at("ours") });
        return storage.moveHead(from, to);
      },
    });
    const outcome = await mergeIntoHead(racing, at("theirs"), { merger: ada(9) });
    if (outcome.kind !== "merged") throw new Error(outcome.kind);
    expect(outcome.commit.content.parent_hashes).toEqual([at("ours"), at("theirs")]);
  });

  it("names every file in conflict, also a decided one, while one is undecided", async () => {
    const { storage, at } = await graph(
      { name: "r", files: "1" },
      { name: "ours", parents: ["r"], files: "" },
      { name: "theirs", parents: ["r"], files: "1" },
    );
    const conflicted = async (name: string, text: string) => {
      const blob = await makeBlob(new TextEncoder().encode(text));
      await storage.putBlob(blob);
      await storage.setHead({ type: "commit", value: at(name) });
      const { hash } = await commitFiles(storage, ada(8), text, (files) =>
        files.set("x", makeEntry(blob.hash)).set("y", makeEntry(blob.hash)),
      );
      return hash;
    };
    const theirs = await conflicted("theirs", "t");
    await conflicted("ours", "o");
    const outcome = await mergeIntoHead(storage, theirs, {
      merger: ada(9),
      resolve: (conflict) => (conflict.path === "x" ? conflict.theirs : undefined),
    });
    expect(outcome).toMatchObject({ conflicts: [{ path: "x" }, { path: "y" }] });
  });
});

describe("a commit of files", () => {
  it("is made again on the new head when another one came first", async () => {
    const storage = new MemoryStorage();
    const entry = makeEntry("a".repeat(64));
    const edits = ["one", "two", "three"].map((name) =>
      commitFiles(storage, ada(1), name, (files) => files.set(name, entry)),
    );
    await Promise.all(edits);
    const head = (await headOf(storage)) ?? "";
    expect([...entriesOf(await treeOf(storage, head)).keys()].sort()).toEqual([
      "one",
      "three",
      "two",
    ]);
  });

  it("gets a twin that matches its hash when it had lost its parents", async () => {
    const { storage, at } = await diamond();
    const whole = await storage.getCommit(at("t"));
    if (whole === null) throw new Error("missing");
    const shallow = { ...whole, content: { ...whole.content, parent_hashes: [] } };
    await storage.setHead({ type: "commit", value: whole.hash });
    const twin = await graft(storage, shallow);
    expect(await headOf(storage)).toBe(twin.hash);
    expect(twin.content.tree_hash).toBe(whole.content.tree_hash);
  });
});
