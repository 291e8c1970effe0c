import type { TreeEntry } from "@gitblobs/client/store";
import { useState, type SubmitEvent } from "react";
import { text } from "../account/login-screen.tsx";
import { undoOf } from "../history/way-back.ts";
import type { Replica } from "../replica/replica.ts";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { shownName } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { announce, messageOf, run } from "../ui/toast.tsx";
import { deleteFiles, renameFile } from "./actions.ts";
import { bytesOf, saveAs } from "./content.ts";

/** What can be done with one file. */
export function FileMenu(props: {
  readonly replica: Replica;
  readonly path: string;
  readonly entry: TreeEntry;
  readonly onGone?: () => void;
  readonly onRenamed?: (path: string) => void;
}) {
  const { replica, path, entry } = props;
  const name = shownName(path);
  const [asks, setAsks] = useState<"rename" | "delete" | null>(null);
  const close = () => {
    setAsks(null);
  };
  const remove = async () => {
    const commit = await deleteFiles(replica, [path]);
    announce(`${name} was deleted.`, undoOf(replica, commit));
    props.onGone?.();
  };
  return (
    <div className="icons">
      <button
        className="icon-btn"
        aria-label={`Download ${name}`}
        title="Download"
        onClick={() => {
          run(async () => {
            saveAs(path, await bytesOf(replica, entry));
          });
        }}
      >
        <Icon name="download" />
      </button>
      <button
        className="icon-btn"
        aria-label={`Rename ${name}`}
        title="Rename"
        onClick={() => {
          setAsks("rename");
        }}
      >
        <Icon name="rename" />
      </button>
      <button
        className="icon-btn"
        aria-label={`Delete ${name}`}
        title="Delete"
        onClick={() => {
          setAsks("delete");
        }}
      >
        <Icon name="trash" />
      </button>
      {asks === "delete" && (
        <Confirm
          title={`Delete ${name}?`}
          action="Delete"
          onClose={close}
          onConfirm={() => {
            run(remove);
          }}
        >
          It is deleted on all devices. Earlier versions stay in the history.
        </Confirm>
      )}
      {asks === "rename" && <RenameDialog {...props} onClose={close} />}
    </div>
  );
}

function RenameDialog(props: {
  readonly replica: Replica;
  readonly path: string;
  readonly onRenamed?: (path: string) => void;
  readonly onClose: () => void;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const rename = async (to: string) => {
    const { replica, path } = props;
    const commit = to === path ? undefined : await renameFile(replica, path, to);
    props.onClose();
    props.onRenamed?.(to);
    if (commit !== undefined)
      announce(`${shownName(path)} is ${shownName(to)} now.`, undoOf(replica, commit));
  };
  return (
    <Dialog title="Rename" onClose={props.onClose}>
      <form
        className="stack"
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          const to = text(new FormData(event.currentTarget), "to").normalize("NFC");
          rename(to).catch((error: unknown) => {
            setProblem(messageOf(error));
          });
        }}
      >
        <label>
          New name
          <input
            name="to"
            defaultValue={props.path}
            required
            autoFocus
            autoCapitalize="none"
            spellCheck={false}
          />
        </label>
        <p className="problem" role="alert">
          {problem}
        </p>
        <div className="actions">
          <button type="button" className="btn" onClick={props.onClose}>
            Cancel
          </button>
          <button className="btn primary">Rename</button>
        </div>
      </form>
    </Dialog>
  );
}
