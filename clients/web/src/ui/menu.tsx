import { useEffect, useRef, type ReactNode } from "react";
import { route } from "./route.ts";

/**
 * Something that opens below what it is called by, and closes on Escape, on a click elsewhere, and when the user goes
 * to another place.
 */
export function Menu(props: {
  readonly className?: string;
  readonly summary: ReactNode;
  readonly children: ReactNode;
}) {
  const ref = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = () => {
      if (ref.current !== null) ref.current.open = false;
    };
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && ref.current?.contains(event.target) === false) close();
    };
    document.addEventListener("pointerdown", closeOutside);
    const unsubscribe = route.subscribe(close);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
      unsubscribe();
    };
  }, []);
  return (
    <details
      className={`menu ${props.className ?? ""}`}
      ref={ref}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || ref.current === null) return;
        ref.current.open = false;
        ref.current.querySelector("summary")?.focus();
      }}
    >
      {props.summary}
      {props.children}
    </details>
  );
}
