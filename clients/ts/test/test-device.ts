import {
  Login,
  memoryVault,
  Sync,
  volatileMemory,
  type Phase,
  type Surroundings,
  type SyncMemory,
  type SyncStatus,
  type Vault,
} from "../src/sync/index.ts";
import { commitFiles } from "../src/history/index.ts";
import {
  asReplica,
  entriesOf,
  headOf,
  makeBlob,
  makeEntry,
  MemoryStorage,
  treeOf,
  type ObjectStorage,
} from "../src/store/index.ts";

const ada = { name: "Ada", email: "", timestamp: "2026-01-01T00:00:00.000Z" };

/** What a device may have of its own. */
interface DeviceParts {
  readonly relayUrl: string;
  readonly password: string;
  readonly storage: ObjectStorage;
  readonly memory: SyncMemory;
  readonly vault: Vault;
}

/** A device of the one user: its local copy and its sync. */
export class TestDevice {
  readonly storage: ObjectStorage;
  readonly login: Login;
  /** Every status there was. */
  readonly statuses: SyncStatus[] = [];
  readonly sync: Sync;
  readonly #password: string;
  readonly #watchers = new Set<(status: SyncStatus) => void>();

  constructor(
    world: Surroundings,
    readonly name: string,
    parts: Partial<DeviceParts> = {},
  ) {
    this.storage = parts.storage ?? new MemoryStorage();
    this.#password = parts.password ?? "secret";
    const relayUrl = parts.relayUrl ?? "http://127.0.0.1";
    this.login = new Login(relayUrl, world, parts.vault ?? memoryVault());
    this.sync = new Sync({
      login: this.login,
      world,
      store: "notes",
      device: name,
      storage: this.storage,
      memory: parts.memory ?? volatileMemory(),
      merger: () => ({ ...ada, name }),
      onStatus: (status) => {
        this.statuses.push(status);
        for (const watch of this.#watchers) watch(status);
      },
    });
  }

  async start(): Promise<this> {
    if ((await this.login.saved()) === null)
      await this.login.logIn("ada", this.#password, this.name);
    this.sync.start();
    return this;
  }

  /** Waits for the status to become so. */
  until(wanted: (status: SyncStatus) => boolean): Promise<SyncStatus> {
    return new Promise((resolve) => {
      const watch = (status: SyncStatus) => {
        if (!wanted(status)) return;
        this.#watchers.delete(watch);
        resolve(status);
      };
      this.#watchers.add(watch);
      watch(this.sync.status);
    });
  }

  phase(kind: Phase["kind"]): Promise<SyncStatus> {
    return this.until((status) => status.phase.kind === kind);
  }

  /** Waits until this device and the relay both stand at the commit. */
  at(relay: { readonly main: string | null }, commit: string): Promise<SyncStatus> {
    return this.until(
      ({ phase, remoteHead, behind }) =>
        phase.kind === "up-to-date" &&
        behind === 0 &&
        remoteHead === commit &&
        relay.main === commit,
    );
  }

  async write(path: string, text: string): Promise<string> {
    const blob = await makeBlob(new TextEncoder().encode(text));
    await this.storage.putBlob(blob);
    const commit = await commitFiles(
      this.storage,
      { ...ada, name: this.name },
      `write ${path}`,
      (files) => files.set(path, makeEntry(blob.hash)),
    );
    this.sync.notify();
    return commit.hash;
  }

  async files(): Promise<Record<string, string>> {
    const head = await headOf(this.storage);
    if (head === null) return {};
    const files: Record<string, string> = {};
    const storage = asReplica(this.storage);
    for (const [path, entry] of entriesOf(await treeOf(storage, head))) {
      const blob = await storage.getBlob(entry.blob_hash);
      files[path] = new TextDecoder().decode(blob?.content.data);
    }
    return files;
  }
}

/** Waits until the device stands at a commit, and the relay at the same one. */
export async function settled(
  device: TestDevice,
  relay: { readonly main: string | null },
): Promise<void> {
  for (let head = await headOf(device.storage); ; head = await headOf(device.storage)) {
    if (head !== null && relay.main === head) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
