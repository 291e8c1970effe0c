import type { Conflict } from "@gitblobs/client/history";
import { useId } from "react";
import { bytesOf, readContent, type Content } from "../files/content.ts";
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
  const { replica, conflict, theirName } = props;
  const { path, ours, theirs } = conflict;
  const { place } = replica;
  const loaded = useLoaded(
    async () => ({
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
        {({ left, right }) => (
          <>
            <div className="side-names" aria-hidden="true">
              <span>This device</span>
              <span>
                {theirName[0]?.toUpperCase()}
                {theirName.slice(1)}
              </span>
            </div>
            <Contents left={left} right={right} path={path} />
            <Options {...props} choice={choice} left={left} right={right} />
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
  readonly left: Content | null;
  readonly right: Content | null;
}) {
  const { conflict, theirName, choice, left, right } = props;
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
          text: typedFor(answers.get(), place, path) ?? joined(left, right),
        }))}
    </fieldset>
  );
}

const isEditable = (left: Content | null, right: Content | null): boolean =>
  [left, right].every((content) => content === null || content.kind === "text");

/** What editing begins with: one text where the other is missing, else both, one after the other. */
function joined(left: Content | null, right: Content | null): string {
  const texts = [left, right].flatMap((c) => (c?.kind === "text" ? [c.text] : []));
  return texts.map((text) => (text.endsWith("\n") || text === "" ? text : `${text}\n`)).join("");
}

function describe({ base, ours, theirs }: Conflict, theirName: string): string {
  if (ours === null) return `Deleted on this device, edited by ${theirName}.`;
  if (theirs === null) return `Edited on this device, deleted by ${theirName}.`;
  return base === null ? "Both added a file of this name." : "Both edited it.";
}
