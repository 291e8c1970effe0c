import type { Conflict } from "@gitblobs/client/history";
import { useId } from "react";
import { deviceName } from "../account/device.ts";
import { bytesOf, readContent, type Content } from "../files/content.ts";
import { bothOf } from "../files/save.ts";
import { Contents } from "../history/compare-screen.tsx";
import type { Replica } from "../replica/replica.ts";
import { shownName } from "../ui/format.ts";
import { useLoaded, WhenLoaded } from "../ui/loaded.tsx";
import { useValue } from "../ui/value.ts";
import { answers, choiceFor, choose, typedFor, type Choice } from "./choices.ts";

/** One file in conflict: both versions side by side, and the choice. */
export function ConflictCard(props: {
  readonly replica: Replica;
  readonly conflict: Conflict;
  readonly theirName: string;
}) {
  const { replica, conflict } = props;
  const { path, base, ours, theirs, device } = conflict;
  const { place } = replica;
  // Tabs of one browser are one device.
  const theirName = device === undefined || device === deviceName() ? props.theirName : device;
  const loaded = useLoaded(
    async () => ({
      before: base === null ? null : readContent(await bytesOf(replica, base)),
      left: ours === null ? null : readContent(await bytesOf(replica, ours)),
      right: theirs === null ? null : readContent(await bytesOf(replica, theirs)),
    }),
    `${ours?.blob_hash ?? ""} ${theirs?.blob_hash ?? ""}`,
  );
  const choice = choiceFor(useValue(answers), place, conflict);
  return (
    <section className="card conflict" aria-label={`Conflict in ${path}`}>
      <h2 className="path" dir="auto">
        {shownName(path)}
      </h2>
      <p className="muted">{describe(conflict, theirName)}</p>
      <WhenLoaded loaded={loaded}>
        {({ before, left, right }) => (
          <>
            <div className="side-names" aria-hidden="true">
              <span>This device</span>
              <span>
                {theirName[0]?.toUpperCase()}
                {theirName.slice(1)}
              </span>
            </div>
            <Contents left={left} right={right} path={path} />
            <Options {...{ replica, conflict, theirName, choice }} {...{ before, left, right }} />
          </>
        )}
      </WhenLoaded>
      {choice?.kind === "edited" && (
        <textarea
          className="editor"
          aria-label={`Merged content of ${path}`}
          dir="auto"
          spellCheck={false}
          value={choice.text}
          onChange={(event) => {
            choose(place, conflict, { kind: "edited", text: event.target.value });
          }}
        />
      )}
    </section>
  );
}

function Options(props: {
  readonly replica: Replica;
  readonly conflict: Conflict;
  readonly theirName: string;
  readonly choice: Choice | undefined;
  readonly before: Content | null;
  readonly left: Content | null;
  readonly right: Content | null;
}) {
  const { conflict, theirName, choice, before, left, right } = props;
  const { path, ours, theirs } = conflict;
  const { place } = props.replica;
  const name = useId();
  const option = (kind: Choice["kind"], label: string, next: () => Choice) => (
    <label className="option">
      <input
        type="radio"
        name={name}
        checked={choice?.kind === kind}
        onChange={() => {
          choose(place, conflict, next());
        }}
      />
      {label}
    </label>
  );
  return (
    <fieldset className="options">
      <legend className="hidden">What to keep of {path}</legend>
      {option("ours", ours === null ? "Delete it, as here" : "Keep this device's", () => ({
        kind: "ours",
      }))}
      {option(
        "theirs",
        theirs === null ? `Delete it, as ${theirName} did` : `Take ${theirName}'s`,
        () => ({ kind: "theirs" }),
      )}
      {isEditable(left, right) &&
        option("edited", "Edit", () => ({
          kind: "edited",
          text: typedFor(answers.get(), place, path) ?? joined(before, left, right),
        }))}
    </fieldset>
  );
}

const isEditable = (left: Content | null, right: Content | null): boolean =>
  [left, right].every((content) => content === null || content.kind === "text");

/** What editing begins with: all that is merged already, and of lines that both changed, both. */
function joined(before: Content | null, left: Content | null, right: Content | null): string {
  const text = (content: Content | null) => (content?.kind === "text" ? content.text : "");
  if (left === null || right === null) return text(left) + text(right);
  return bothOf(text(before), text(left), text(right));
}

function describe({ base, ours, theirs }: Conflict, theirName: string): string {
  if (ours === null) return `Deleted on this device, edited by ${theirName}.`;
  if (theirs === null) return `Edited on this device, deleted by ${theirName}.`;
  return base === null ? "Both added a file of this name." : "Both edited it.";
}
