import { useEffect, useRef } from "react";

const ID = "main";

/** What makes an element the one that holds the content of every screen: keyboards and screen readers are led to it. */
export const MAIN = { id: ID, tabIndex: -1 } as const;

function focusMain(): void {
  document.getElementById(ID)?.focus();
}

/** Leads keyboards past what is the same on every screen. Not by its address: that would be another place. */
export function Skip() {
  return (
    <a
      className="skip"
      href={`#${ID}`}
      onClick={(event) => {
        event.preventDefault();
        focusMain();
      }}
    >
      Skip to the content
    </a>
  );
}

/** Names the place in the browser's tab, and leads the focus to its content when the user comes from another place. */
export function useArrival(title: string): void {
  const before = useRef<string>(undefined);
  useEffect(() => {
    document.title = title;
    const isArriving = before.current !== undefined && before.current !== title;
    before.current = title;
    // What a screen focuses itself, as a form does its first field, is where the user wants to be.
    const isInside = document.activeElement?.closest(`#${ID}`) !== null;
    if (isArriving && !isInside) focusMain();
  }, [title]);
}
