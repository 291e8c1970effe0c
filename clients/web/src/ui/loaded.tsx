import { useEffect, useState, type ReactNode } from "react";
import { messageOf } from "./toast.tsx";

/** Something that takes a moment to come. */
export type Loaded<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "ready"; readonly value: T };

/**
 * Loads something, anew whenever `key` changes; while the next value comes, the last one stays, so that nothing jumps.
 */
export function useLoaded<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [state, setState] = useState<{ key: string; loaded: Loaded<T> }>({
    key: "",
    loaded: { kind: "loading" },
  });
  useEffect(() => {
    let isCurrent = true;
    const settle = (loaded: Loaded<T>) => {
      if (isCurrent) setState({ key, loaded });
    };
    load().then(
      (value) => {
        settle({ kind: "ready", value });
      },
      (error: unknown) => {
        settle({ kind: "failed", message: messageOf(error) });
      },
    );
    return () => {
      isCurrent = false;
    };
    // The key says all that the loading depends on.
  }, [key]);
  return state.loaded;
}

/** Shows what was loaded, or that it is coming, or why it did not come. */
export function WhenLoaded<T>(props: {
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ReactNode;
}) {
  const { loaded } = props;
  switch (loaded.kind) {
    case "loading":
      return <p className="loading">Loading …</p>;
    case "failed":
      return (
        <p className="notice bad" role="alert">
          {loaded.message}
        </p>
      );
    case "ready":
      return props.children(loaded.value);
  }
}
