import { mergedText, type MergePart } from "@gitblobs/client/history";
import { useId, useState } from "react";

type Overlap = Extract<MergePart, { readonly kind: "overlap" }>;
type Choice = "ours" | "theirs" | "both";

const CHOICES: readonly (readonly [Choice, string])[] = [
  ["ours", "Keep mine"],
  ["theirs", "Take theirs"],
  ["both", "Keep both"],
];

/** Lines that were changed here and elsewhere, one place after the other; all else is merged already. */
export function Overlaps(props: {
  readonly parts: readonly MergePart[];
  readonly onDecided: (text: string) => void;
  readonly onCancel: () => void;
}) {
  const { parts } = props;
  const [choices, setChoices] = useState<ReadonlyMap<Overlap, Choice>>(new Map());
  const overlaps = parts.filter((part) => part.kind === "overlap");
  const open = overlaps.filter((part) => !choices.has(part)).length;
  const decide = () => {
    const decided = parts.map((part): MergePart => {
      if (part.kind === "merged") return part;
      return { kind: "merged", text: chosen(part, choices.get(part) ?? "ours") };
    });
    props.onDecided(mergedText(decided));
  };
  return (
    <section className="card overlaps stack" aria-label="Changed here and elsewhere">
      <h2>Changed here and elsewhere</h2>
      <p className="muted">
        Nothing is saved yet. All other changes are merged; of these lines there are two versions.
      </p>
      {overlaps.map((part, index) => (
        <OneOverlap
          key={index}
          part={part}
          title={`Place ${index + 1} of ${overlaps.length}`}
          choice={choices.get(part)}
          onChoose={(choice) => {
            setChoices(new Map(choices).set(part, choice));
          }}
        />
      ))}
      <div className="actions">
        <button type="button" className="btn" onClick={props.onCancel}>
          Go on writing
        </button>
        <button type="button" className="btn primary" disabled={open > 0} onClick={decide}>
          {open === 0 ? "Save as decided" : `${open} still to decide`}
        </button>
      </div>
    </section>
  );
}

function OneOverlap(props: {
  readonly part: Overlap;
  readonly title: string;
  readonly choice: Choice | undefined;
  readonly onChoose: (choice: Choice) => void;
}) {
  const { part, title, choice } = props;
  const name = useId();
  return (
    <fieldset className="options overlap">
      <legend>{title}</legend>
      <div className="two-sides">
        <Side name="Mine" text={part.ours} />
        <Side name="Theirs" text={part.theirs} />
      </div>
      <details>
        <summary>Before both changes</summary>
        <Side name="Before" text={part.base} />
      </details>
      {CHOICES.map(([each, label]) => (
        <label key={each} className="option">
          <input
            type="radio"
            name={name}
            checked={choice === each}
            onChange={() => {
              props.onChoose(each);
            }}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function Side({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div>
      <p className="muted">{name}</p>
      {text === "" ? (
        <p className="muted">Nothing</p>
      ) : (
        <pre className="text-view" tabIndex={0} dir="auto" aria-label={name}>
          {text}
        </pre>
      )}
    </div>
  );
}

function chosen({ ours, theirs }: Overlap, choice: Choice): string {
  if (choice !== "both") return choice === "ours" ? ours : theirs;
  const isWhole = theirs === "" || theirs.endsWith("\n");
  return isWhole ? theirs + ours : `${theirs}\n${ours}`;
}
