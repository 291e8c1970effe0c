import { headOf, refuseName, entriesOf, treeOf } from "@gitblobs/client/store";
import { useState, type SubmitEvent } from "react";
import { text } from "../account/login-screen.tsx";
import type { Replica } from "../replica/replica.ts";
import { Dialog } from "../ui/dialog.tsx";
import { messageOf } from "../ui/toast.tsx";
import { addFiles } from "./actions.ts";

/** Asks for a new file's name, and makes it empty, to be written in the editor. */
export function NewFileDialog(props: {
  readonly replica: Replica;
  readonly onMade: (path: string) => void;
  readonly onClose: () => void;
}) {
  const { replica } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (path: string) => {
    const head = await headOf(replica.storage);
    const names = head === null ? [] : [...entriesOf(await treeOf(replica.storage, head)).keys()];
    const reason = names.includes(path)
      ? "There is a file of this name already."
      : refuseName(path, names);
    if (reason !== undefined) {
      setProblem(reason);
      return;
    }
    await addFiles(replica, [{ path, bytes: new Uint8Array() }]);
    props.onMade(path);
  };
  return (
    <Dialog title="New file" onClose={props.onClose}>
      <form
        className="stack"
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          const path = text(new FormData(event.currentTarget), "path").normalize("NFC");
          make(path).catch((error: unknown) => {
            setProblem(messageOf(error));
          });
        }}
      >
        <label>
          Name
          <input
            name="path"
            placeholder="notes/today.txt"
            required
            autoFocus
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby="new-file-problem"
          />
        </label>
        <p id="new-file-problem" className="problem" role="alert">
          {problem}
        </p>
        <div className="actions">
          <button type="button" className="btn" onClick={props.onClose}>
            Cancel
          </button>
          <button className="btn primary">Create</button>
        </div>
      </form>
    </Dialog>
  );
}
