import { useEffect, useId, useRef, type ReactNode } from "react";

/**
 * A modal question. The browser keeps the focus inside, gives it back afterwards, and closes on Escape.
 */
export function Dialog(props: {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog ref={ref} aria-labelledby={title} onClose={props.onClose}>
      <h2 id={title}>{props.title}</h2>
      {props.children}
    </dialog>
  );
}

/** A question with two answers; the one that destroys something is named by what it does. */
export function Confirm(props: {
  readonly title: string;
  readonly action: string;
  readonly children: ReactNode;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div className="dialog-text">{props.children}</div>
      <form method="dialog" className="actions">
        <button className="btn">Cancel</button>
        <button className="btn danger" onClick={props.onConfirm}>
          {props.action}
        </button>
      </form>
    </Dialog>
  );
}
