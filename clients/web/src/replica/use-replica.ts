import { useEffect, useState } from "react";
import { messageOf } from "../ui/toast.tsx";
import { isStoreName } from "./store-name.ts";
import { Replica, type Owner } from "./replica.ts";

/** A store's copy on its way to be shown. */
export type OpenedReplica =
  | { readonly kind: "none" }
  /** No store can have this name. */
  | { readonly kind: "impossible" }
  | { readonly kind: "opening" }
  | { readonly kind: "open"; readonly replica: Replica }
  | { readonly kind: "failed"; readonly message: string; readonly retry: () => void };

const OPENING: OpenedReplica = { kind: "opening" };

/** Opens a store's copy for as long as it is shown. */
export function useReplica({ id, username }: Owner, store: string | null): OpenedReplica {
  const [tries, setTries] = useState(0);
  const [state, setState] = useState<{ store: string | null; opened: OpenedReplica }>({
    store,
    opened: OPENING,
  });
  useEffect(() => {
    if (store === null || !isStoreName(store)) return undefined;
    let isOver = false;
    let replica: Replica | undefined;
    const settle = (opened: OpenedReplica) => {
      if (!isOver) setState({ store, opened });
    };
    const retry = () => {
      settle(OPENING);
      setTries((before) => before + 1);
    };
    Replica.open({ id, username }, store).then(
      (open) => {
        replica = open;
        if (isOver) void open.close();
        else settle({ kind: "open", replica: open });
      },
      (error: unknown) => {
        settle({ kind: "failed", message: messageOf(error), retry });
      },
    );
    return () => {
      isOver = true;
      setState({ store, opened: OPENING });
      void replica?.close();
    };
  }, [id, username, store, tries]);
  if (store === null) return { kind: "none" };
  if (!isStoreName(store)) return { kind: "impossible" };
  // What is still shown of another store is on its way out.
  return state.store === store ? state.opened : OPENING;
}
