import { realSurroundings, Sync, type SyncMemory, type SyncStatus } from "@gitblobs/client";
import { sameEntry, type Resolve, type UnrelatedPolicy } from "@gitblobs/client/history";
import { headOf, type TreeEntry } from "@gitblobs/client/store";
import { deviceName } from "../account/device.ts";
import { login } from "../account/account.ts";
import { run } from "../ui/toast.tsx";
import type { Replica } from "./replica.ts";

/** What the user decided about files in conflict: for these very changes, not for later ones. */
export type Decisions = readonly {
  readonly path: string;
  readonly ours: TreeEntry | null;
  readonly theirs: TreeEntry | null;
  readonly entry: TreeEntry | null;
}[];

/** What tabs tell each other about a store. */
type TabMessage =
  | { readonly kind: "status"; readonly status: SyncStatus }
  | { readonly kind: "head"; readonly head: string }
  | { readonly kind: "resolve"; readonly decisions: Decisions }
  | { readonly kind: "unrelated"; readonly policy: UnrelatedPolicy }
  | { readonly kind: "retry" }
  | { readonly kind: "make" }
  /** A new tab asks how things stand. */
  | { readonly kind: "ask" };

/** This tab's place among those that show the same store. */
export interface Tabs {
  headMoved(head: string): void;
  resolve(decisions: Decisions): void;
  chooseUnrelated(policy: UnrelatedPolicy): void;
  makeStore(): void;
  retry(): void;
  leave(): Promise<void>;
}

/**
 * Joins the tabs of a store. One of them, the holder of a lock, synchronises for all; the others follow what it tells
 * and hand it what the user decides. When it is closed, the next one takes over.
 */
export function joinTabs(replica: Replica, memory: SyncMemory): Tabs {
  const { storage, store } = replica;
  const name = `gitblobs/store/${replica.user.username}/${store}`;
  const channel = new BroadcastChannel(name);
  const left = new AbortController();
  let sync: Sync | undefined;
  const tell = (message: TabMessage) => {
    if (!left.signal.aborted) channel.postMessage(message);
  };

  const lead = async () => {
    const leading = new Sync({
      login,
      world: realSurroundings,
      store,
      device: deviceName(),
      storage,
      memory,
      merger: () => replica.signature(),
      onHeadMoved: (head) => {
        replica.head.set(head);
        tell({ kind: "head", head });
      },
      onStatus: (status) => {
        replica.status.set(status);
        tell({ kind: "status", status });
      },
    });
    sync = leading;
    leading.start();
    await new Promise<void>((resolve) => {
      left.signal.addEventListener("abort", () => {
        resolve();
      });
    });
    await leading.stop();
  };
  const finished = navigator.locks
    .request(name, { signal: left.signal }, lead)
    .catch(() => undefined);

  /** What a message says may be outdated when it comes; the storage is not. */
  const readHead = async () => {
    try {
      replica.head.set(await headOf(storage));
    } catch (error) {
      // A copy that was let go of meanwhile has no head to show.
      if (!left.signal.aborted) throw error;
    }
  };

  const obey = (message: TabMessage) => {
    switch (message.kind) {
      case "head":
        sync?.notify();
        break;
      case "resolve":
        sync?.resolve(resolveBy(message.decisions));
        break;
      case "unrelated":
        sync?.chooseUnrelated(message.policy);
        break;
      case "retry":
        sync?.start();
        sync?.notify();
        break;
      case "make":
        if (sync !== undefined) run(() => makeStoreOf(sync));
        break;
      case "ask":
        if (sync !== undefined) tell({ kind: "status", status: sync.status });
        break;
      case "status":
        break;
    }
  };
  channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind === "head") void readHead();
    if (data.kind === "status" && sync === undefined) replica.status.set(data.status);
    obey(data);
  });
  const retry = () => {
    obey({ kind: "retry" });
  };
  addEventListener("online", retry);
  tell({ kind: "ask" });

  const command = (message: TabMessage) => {
    obey(message);
    tell(message);
  };
  return {
    headMoved: (head) => {
      command({ kind: "head", head });
    },
    resolve: (decisions) => {
      command({ kind: "resolve", decisions });
    },
    chooseUnrelated: (policy) => {
      command({ kind: "unrelated", policy });
    },
    makeStore: () => {
      command({ kind: "make" });
    },
    retry: () => {
      command({ kind: "retry" });
    },
    leave: async () => {
      removeEventListener("online", retry);
      left.abort();
      await finished;
      channel.close();
    },
  };
}

async function makeStoreOf(sync: Sync | undefined): Promise<void> {
  const problem = await sync?.makeStore();
  if (problem !== undefined) throw new Error(problem.message);
}

/** Turns decisions into what a merge asks; a file that changed again meanwhile stays undecided. */
export function resolveBy(decisions: Decisions): Resolve {
  return ({ path, ours, theirs }) =>
    decisions.find((d) => d.path === path && sameEntry(d.ours, ours) && sameEntry(d.theirs, theirs))
      ?.entry;
}
