import { lazy, Suspense, useEffect, useState } from "react";
import { undoOf } from "../history/way-back.ts";
import type { Replica } from "../replica/replica.ts";
import { Loading } from "../ui/loaded.tsx";
import { announce, messageOf, run } from "../ui/toast.tsx";
import { useValue } from "../ui/value.ts";
import { bytesOf, readContent } from "./content.ts";
import { isShelfBroken } from "./draft-shelf.ts";
import { draftAt, drafts, dropDraft, keepDraft, type Draft } from "./drafts.ts";
import { Overlaps } from "./overlaps.tsx";
import { afterSave, entryOf, saveDraft, type SaveOutcome } from "./save.ts";

const CodeEditor = lazy(() => import("./code-editor.tsx"));

type Asks = Extract<SaveOutcome, { readonly kind: "asks" }>;

/** Writes a file's text. `present` is the blob the file has now; null when the file is gone. */
export function Editor(props: {
  readonly replica: Replica;
  readonly draft: Draft;
  readonly present: string | null;
}) {
  const { replica, draft, present } = props;
  const { path } = draft;
  const [problem, setProblem] = useState<string | null>(null);
  const [asks, setAsks] = useState<Asks | null>(null);
  const isBroken = useValue(isShelfBroken);
  useFollowed(replica, draft, present);
  const isChanged = draft.text !== draft.original;
  const canSave = isChanged || present === null;
  const latest = () => draftAt(drafts.get(), draft) ?? draft;
  const save = (wanted: Draft) => {
    const work = async () => {
      const outcome = await saveDraft(replica, wanted);
      setProblem(null);
      setAsks(outcome.kind === "asks" ? outcome : null);
      if (outcome.kind === "asks") return;
      keepDraft(afterSave(latest(), wanted, outcome));
      const { merged, commit } = outcome;
      announce(
        merged ? "Saved, together with what was changed elsewhere." : "Saved.",
        commit && undoOf(replica, commit),
      );
    };
    work().catch((error: unknown) => {
      setProblem(messageOf(error));
    });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save(latest());
      }}
      onKeyDown={(event) => {
        const isS = event.key.toLowerCase() === "s" || event.code === "KeyS";
        if (!isS || event.altKey || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        if (canSave || latest().text !== latest().original) save(latest());
      }}
    >
      <div className="actions editor-bar">
        <span className="muted grow">Tab indents. To leave the text: Escape, then Tab.</span>
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
      {(isChanged || present === null) && <MovedOn base={draft.base} present={present} />}
      {draft.restored === true && isChanged && (
        <p className="notice" role="status">
          This is what you typed before. It is kept in this browser, and not saved yet.
        </p>
      )}
      {isBroken && isChanged && (
        <p className="notice" role="status">
          This browser cannot keep what you type: save before you close the page.
        </p>
      )}
      {problem !== null && (
        <p className="notice bad" role="alert">
          Not saved. {problem}
        </p>
      )}
      {asks !== null && (
        <Overlaps
          parts={asks.parts}
          onCancel={() => {
            setAsks(null);
          }}
          onDecided={(text) => {
            const decided = { ...latest(), text, base: asks.theirs };
            keepDraft(decided);
            save(decided);
          }}
        />
      )}
      <Suspense fallback={<Loading />}>
        <CodeEditor
          path={path}
          text={draft.text}
          onText={(text) => {
            // An editor that goes tells its text once more; a draft that was let go of stays so.
            const now = draftAt(drafts.get(), draft);
            if (now !== undefined) keepDraft({ ...now, text, restored: false });
          }}
        />
      </Suspense>
    </form>
  );
}

/** An editor in which nothing is typed shows the file as it is now. */
function useFollowed(replica: Replica, draft: Draft, present: string | null): void {
  const isBehind = present !== null && present !== draft.base && draft.text === draft.original;
  useEffect(() => {
    if (!isBehind) return;
    const follow = async () => {
      // What this component was told may be older than its own save.
      const entry = await entryOf(replica.storage, draft.path);
      if (entry === null || entry.blob_hash === draft.base) return;
      const content = readContent(await bytesOf(replica, entry));
      const now = draftAt(drafts.get(), draft);
      if (now?.text !== draft.original || now.base !== draft.base) return;
      const { text } = content.kind === "text" ? content : { text: undefined };
      if (text !== undefined) keepDraft({ ...now, base: entry.blob_hash, original: text, text });
    };
    run(follow);
  }, [replica, draft, present, isBehind]);
}

/** Says what happened to the file that is being edited. */
function MovedOn({ base, present }: { readonly base: string; readonly present: string | null }) {
  if (present === base) return null;
  return (
    <p className="notice" role="status">
      {present === null
        ? "This file was deleted or renamed meanwhile. Saving makes it again."
        : "This file was changed meanwhile, in another tab or on another device. Saving merges both."}
    </p>
  );
}
