import { useState } from "react";
import type { Replica } from "../replica/replica.ts";
import { announce, messageOf } from "../ui/toast.tsx";
import { saveFile } from "./actions.ts";
import { dropDraft, keepDraft, type Draft } from "./drafts.ts";
import { withLineEnds } from "./line-ends.ts";

/** Writes a file's text. `present` is the blob the file has now; null when the file is gone. */
export function Editor(props: {
  readonly replica: Replica;
  readonly draft: Draft;
  readonly present: string | null;
}) {
  const { replica, draft, present } = props;
  const { path } = draft;
  const [problem, setProblem] = useState<string | null>(null);
  const isChanged = draft.text !== draft.original;
  const canSave = isChanged || present === null;
  const trySave = () => {
    if (!canSave) return;
    save(replica, draft).catch((error: unknown) => {
      setProblem(messageOf(error));
    });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        trySave();
      }}
    >
      <MovedOn base={draft.base} present={present} />
      {problem !== null && (
        <p className="notice bad" role="alert">
          Not saved. {problem}
        </p>
      )}
      <label className="hidden" htmlFor="editor">
        Content of {path}
      </label>
      <textarea
        id="editor"
        className="editor"
        dir="auto"
        value={draft.text}
        spellCheck={false}
        autoFocus
        onChange={(event) => {
          keepDraft({ ...draft, text: event.target.value });
        }}
        onKeyDown={(event) => {
          if ((event.ctrlKey || event.metaKey) && event.key === "s") {
            event.preventDefault();
            trySave();
          }
        }}
      />
      <div className="actions">
        <button
          type="button"
          className="btn"
          onClick={() => {
            dropDraft(draft);
          }}
        >
          {canSave ? "Discard changes" : "Close"}
        </button>
        <button className="btn primary" disabled={!canSave}>
          Save
        </button>
      </div>
    </form>
  );
}

async function save(replica: Replica, draft: Draft): Promise<void> {
  const text = withLineEnds(draft.original, draft.text);
  await saveFile(replica, draft.path, new TextEncoder().encode(text));
  dropDraft(draft);
  announce("Saved.");
}

/** Says what another device did to the file that is being edited. */
function MovedOn({ base, present }: { readonly base: string; readonly present: string | null }) {
  if (present === base) return null;
  return (
    <p className="notice" role="status">
      {present === null
        ? "Another device deleted or renamed this file meanwhile. Saving makes it again."
        : "Another device changed this file meanwhile. Saving replaces its version, which stays in the history."}
    </p>
  );
}
