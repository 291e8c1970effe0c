import { useRef, useState } from "react";
import { walkCommits } from "@gitblobs/client/history";
import { saveAs } from "../files/content.ts";
import { titleOf } from "../history/title.ts";
import type { Replica } from "../replica/replica.ts";
import { formatBytes, shortHash } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useLoaded } from "../ui/loaded.tsx";
import { goTo } from "../ui/route.ts";
import { announce, messageOf, run } from "../ui/toast.tsx";
import { useValue } from "../ui/value.ts";
import { withProgress } from "../ui/work.tsx";
import { exportBytes, importBytes, type ExportKind } from "./transfer.ts";

/** Takes packs in and gives them out: files that all GitBlobsDB clients read. */
export default function TransferScreen({ replica }: { readonly replica: Replica }) {
  return (
    <>
      <h1>Import and export</h1>
      <div className="two-cards">
        <ImportCard replica={replica} />
        <ExportCard replica={replica} />
      </div>
    </>
  );
}

function ImportCard({ replica }: { readonly replica: Replica }) {
  const picker = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<{ busy: boolean; problem: string | null }>({
    busy: false,
    problem: null,
  });
  const take = async (file: File) => {
    setState({ busy: true, problem: null });
    try {
      const done = await withProgress(`Importing ${file.name}`, async (report) =>
        importBytes(replica, new Uint8Array(await file.arrayBuffer()), report),
      );
      setState({ busy: false, problem: null });
      if (done.kind === "conflicted") goTo({ page: "conflicts", store: replica.store });
      else announce(done.message);
    } catch (error) {
      setState({ busy: false, problem: messageOf(error) });
    }
  };
  return (
    <section className="card">
      <h2>Import</h2>
      <p className="muted">
        A backup or a diff pack (.bin). It is checked and merged into this store; nothing here is
        replaced without asking.
      </p>
      {state.problem !== null && (
        <p className="notice bad" role="alert">
          {state.problem}
        </p>
      )}
      <button className="btn primary" disabled={state.busy} onClick={() => picker.current?.click()}>
        <Icon name="upload" /> {state.busy ? "Checking …" : "Choose a pack"}
      </button>
      <input
        ref={picker}
        type="file"
        accept=".bin,application/octet-stream"
        hidden
        data-testid="pack"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file !== undefined) void take(file);
        }}
      />
    </section>
  );
}

function ExportCard({ replica }: { readonly replica: Replica }) {
  const head = useValue(replica.head);
  const [isBusy, setBusy] = useState(false);
  const commits = useLoaded(async () => {
    const list: { hash: string; title: string }[] = [];
    if (head === null) return list;
    for await (const { hash, content } of walkCommits(replica.storage, [head])) {
      if (hash !== head) list.push({ hash, title: titleOf(content.message) });
      if (list.length === 50) break;
    }
    return list;
  }, head ?? "empty");
  const [since, setSince] = useState("");
  const give = (kind: ExportKind, name: string) => {
    setBusy(true);
    run(async () => {
      try {
        const bytes = await withProgress(`Exporting ${name}`, (report) =>
          exportBytes(replica, kind, report),
        );
        saveAs(name, bytes);
        announce(`${name}, ${formatBytes(bytes.length)}, was saved.`);
      } finally {
        setBusy(false);
      }
    });
  };
  const older = commits.kind === "ready" ? commits.value : [];
  const isEmpty = head === null || isBusy;
  return (
    <section className="card stack">
      <h2>Export</h2>
      <button
        className="btn"
        disabled={isEmpty}
        onClick={() => {
          give({ kind: "full" }, "backup.bin");
        }}
      >
        <Icon name="download" /> Full backup, all versions
      </button>
      <button
        className="btn"
        disabled={isEmpty}
        onClick={() => {
          give({ kind: "compact" }, "backup_compact.bin");
        }}
      >
        <Icon name="download" /> Compact backup, newest version only
      </button>
      <label>
        Diff pack since
        <select
          value={since}
          onChange={(event) => {
            setSince(event.target.value);
          }}
          disabled={older.length === 0}
        >
          <option value="">Choose a commit</option>
          {older.map(({ hash, title }) => (
            <option key={hash} value={hash}>
              {shortHash(hash)} {title.slice(0, 60)}
            </option>
          ))}
        </select>
      </label>
      <button
        className="btn"
        disabled={isEmpty || since === ""}
        onClick={() => {
          give({ kind: "diff", from: since }, "diff.bin");
        }}
      >
        <Icon name="download" /> Diff pack
      </button>
    </section>
  );
}
