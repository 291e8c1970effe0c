import { useEffect, useState, type ReactNode } from "react";
import { messageOf } from "./toast.tsx";

/** Something that takes a moment to come. */
export type Loaded<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly message: string; readonly retry: () => void }
  | { readonly kind: "ready"; readonly value: T };

/**
 * Loads something, anew whenever `key` changes; while the next value comes, the last one stays, so that nothing jumps.
 */
export function useLoaded<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [tries, setTries] = useState(0);
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: "loading" });
  useEffect(() => {
    let isCurrent = true;
    const settle = (next: Loaded<T>) => {
      if (isCurrent) setLoaded(next);
    };
    const retry = () => {
      settle({ kind: "loading" });
      setTries((before) => before + 1);
    };
    load().then(
      (value) => {
        settle({ kind: "ready", value });
      },
      (error: unknown) => {
        settle({ kind: "failed", message: messageOf(error), retry });
      },
    );
    return () => {
      isCurrent = false;
    };
    // The key says all that the loading depends on.
  }, [key, tries]);
  return loaded;
}

/** Shows what was loaded, or that it is coming, or why it did not come. */
export function WhenLoaded<T>(props: {
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ReactNode;
}) {
  const { loaded } = props;
  switch (loaded.kind) {
    case "loading":
      return <Loading />;
    case "failed":
      return <Failed message={loaded.message} onRetry={loaded.retry} />;
    case "ready":
      return props.children(loaded.value);
  }
}

/** Says that something is on its way. */
export function Loading() {
  return <p className="loading">Loading …</p>;
}

/** Says why something did not come, and offers to try again. */
export function Failed(props: { readonly message: string; readonly onRetry: () => void }) {
  return (
    <div className="notice bad" role="alert">
      <p>{props.message}</p>
      <button className="btn small" onClick={props.onRetry}>
        Try again
      </button>
    </div>
  );
}
