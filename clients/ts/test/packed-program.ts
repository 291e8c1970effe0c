// A program of somebody else's: it knows the package by its name alone. The tests install the packed file beside it and
// run it in Node, in Bun and, bundled, in Chromium.
import { decodeServerFrame, LIMITS } from "@gitblobs/protocol";
import {
  Login,
  memoryVault,
  realSurroundings,
  Sync,
  volatileMemory,
  type SyncStatus,
} from "@gitblobs/client";
import { commitFiles } from "@gitblobs/client/history";
import { IndexedDbStorage } from "@gitblobs/client/indexeddb";
import { fullBackup, readPack, writePack } from "@gitblobs/client/pack";
import {
  entriesOf,
  headOf,
  makeBlob,
  makeEntry,
  MemoryStorage,
  treeOf,
  type ObjectStorage,
} from "@gitblobs/client/store";

/** Who syncs, and where. */
export interface Task {
  readonly relayUrl: string;
  readonly password: string;
  readonly store: string;
  /** Names the device, and the file it adds. */
  readonly device: string;
}

const me = () => ({ name: "Ada", email: "", timestamp: "2026-01-01T00:00:00.000Z" });

async function openStorage(name: string): Promise<ObjectStorage> {
  return "indexedDB" in globalThis ? IndexedDbStorage.open(name) : new MemoryStorage();
}

async function addFile(storage: ObjectStorage, name: string): Promise<string> {
  const blob = await makeBlob(new TextEncoder().encode(`made by ${name}`));
  await storage.putBlob(blob);
  const commit = await commitFiles(storage, me(), `add file: ${name}`, (files) =>
    files.set(name, makeEntry(blob.hash)),
  );
  return commit.hash;
}

async function filesOf(storage: ObjectStorage): Promise<string[]> {
  const head = await headOf(storage);
  return head === null ? [] : [...entriesOf(await treeOf(storage, head)).keys()].sort();
}

/** Needs no relay: makes a store, packs it, reads the pack, decodes a frame. */
export async function alone(): Promise<string> {
  const storage = await openStorage("alone");
  await addFile(storage, "a");
  const pack = await readPack(await writePack(await fullBackup(storage, new Date(0))));
  const frame = decodeServerFrame("[]");
  return `${pack.commits.length} ${pack.blobs.length} ${String(frame.ok)} ${LIMITS.frameBytes}`;
}

/** Logs in, catches up, adds a file, pushes it, and logs out; the files that are there then. */
export async function shareOneFile({ relayUrl, password, store, device }: Task): Promise<string[]> {
  const login = new Login(relayUrl, realSurroundings, memoryVault());
  const answer = await login.logIn("ada", password, device);
  if (!answer.ok) throw new Error(answer.problem.message);
  const storage = await openStorage(device);
  let onStatus: (status: SyncStatus) => void = () => undefined;
  const sync = new Sync({
    ...{ login, world: realSurroundings, store, device, storage },
    ...{ memory: volatileMemory(), merger: me },
    onStatus: (status) => {
      onStatus(status);
    },
  });
  const until = (wanted: (status: SyncStatus) => boolean) =>
    new Promise<void>((resolve, reject) => {
      onStatus = (status) => {
        const { phase } = status;
        if (phase.kind === "stopped" || phase.kind === "blocked") reject(new Error(phase.message));
        else if (wanted(status)) resolve();
      };
    });
  const caughtUp = until(({ phase }) => phase.kind === "up-to-date");
  const problem = await sync.makeStore();
  if (problem !== undefined) throw new Error(problem.message);
  await caughtUp;
  const commit = await addFile(storage, device);
  const pushed = until(
    ({ phase, remoteHead }) => phase.kind === "up-to-date" && remoteHead === commit,
  );
  sync.notify();
  await pushed;
  await sync.stop();
  await login.logOut();
  return filesOf(storage);
}
