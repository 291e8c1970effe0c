import type { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { makeCodeView, replaceText } from "./code-view.ts";

/** The text is told when nothing was typed for so long: telling costs as much as the text is long. */
const PAUSE_MS = 100;
const LEAVING = ["beforeunload", "pagehide"] as const;

/** An editor of text. It is told of a text only where that is another one than it told last. */
export default function CodeEditor(props: {
  readonly path: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}) {
  const { path, text, onText } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef(text);
  const tell = useRef(onText);
  tell.current = onText;
  useEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      told.current = made.state.doc.toString();
      tell.current(told.current);
    };
    const made = makeCodeView({
      ...{ root, path, text: told.current, label: `Content of ${path}` },
      onChange: () => {
        clearTimeout(timer);
        timer = setTimeout(flush, PAUSE_MS);
      },
    });
    view.current = made;
    made.focus();
    // Whatever goes on elsewhere in the page finds the text as it stands.
    host.addEventListener("focusout", flush);
    for (const leaving of LEAVING) addEventListener(leaving, flush);
    const beforeCommand = ({ ctrlKey, metaKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey) flush();
    };
    host.addEventListener("keydown", beforeCommand, { capture: true });
    return () => {
      flush();
      host.removeEventListener("focusout", flush);
      host.removeEventListener("keydown", beforeCommand, { capture: true });
      for (const leaving of LEAVING) removeEventListener(leaving, flush);
      made.destroy();
      view.current = null;
    };
  }, [path]);
  useEffect(() => {
    if (view.current === null || text === told.current) return;
    told.current = text;
    replaceText(view.current, text);
  }, [text]);
  return <div ref={place} className="code-editor" />;
}
