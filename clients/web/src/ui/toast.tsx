import { Icon } from "./icon.tsx";
import { createValue, useValue } from "./value.ts";

interface Toast {
  readonly id: number;
  readonly kind: "done" | "failed";
  readonly text: string;
  /** Takes back what was done; undefined where that is not possible. */
  readonly undo: (() => Promise<unknown>) | undefined;
}

const toasts = createValue<readonly Toast[]>([]);
let nextId = 1;

/** Long enough to read two lines; a failure stays until it is dismissed. */
const SHOWN_MS = 5_000;
/** Long enough to see that it was wrong. */
const SHOWN_WITH_UNDO_MS = 8_000;

function dismiss(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

/** Says that something was done, and offers to take it back where that is possible; goes away by itself. */
export function announce(text: string, undo?: () => Promise<unknown>): void {
  const id = nextId++;
  toasts.set([...toasts.get().slice(-2), { id, kind: "done", text, undo }]);
  setTimeout(
    () => {
      dismiss(id);
    },
    undo === undefined ? SHOWN_MS : SHOWN_WITH_UNDO_MS,
  );
}

/** Says that something failed, and why. */
export function announceFailure(text: string): void {
  const toast = { id: nextId++, kind: "failed", text, undo: undefined } as const;
  toasts.set([...toasts.get().slice(-2), toast]);
}

/** Runs what a button asks for; a failure is told to the user, never lost. */
export function run(work: () => Promise<unknown>): void {
  work().catch((error: unknown) => {
    announceFailure(messageOf(error));
  });
}

/** What to tell the user of an error. */
export function messageOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "QuotaExceededError") {
    return "This browser has no space left. Free some space on this device and try again.";
  }
  return error instanceof Error ? error.message : "Something went wrong.";
}

/** Shows the latest announcements; screen readers read them out. */
export function Toasts() {
  const shown = useValue(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, kind, text, undo }) => (
        <div key={id} className={`toast ${kind}`}>
          <Icon name={kind === "done" ? "check" : "conflict"} />
          <span>{text}</span>
          {undo !== undefined && (
            <button
              className="btn small"
              onClick={() => {
                dismiss(id);
                run(undo);
              }}
            >
              Undo
            </button>
          )}
          <button
            className="icon-btn"
            aria-label="Dismiss"
            onClick={() => {
              dismiss(id);
            }}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
