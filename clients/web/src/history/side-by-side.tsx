import { useMemo, useState } from "react";
import { diffLines, foldSame, type DiffRow, type Fold, type Line } from "./line-diff.ts";

/** Rows drawn at first. */
const MAX_ROWS = 1_000;

/** Two texts side by side; equal stretches are folded away. */
export function SideBySide(props: {
  readonly left: string;
  readonly right: string;
  readonly label: string;
}) {
  const { left, right } = props;
  const [isWhole, setWhole] = useState(false);
  const rows = useMemo(() => foldSame(diffLines(left, right)), [left, right]);
  if (!rows.some((row) => row.kind === "changed")) {
    return (
      <p className="muted">The lines are the same; line ends or the end of the file differ.</p>
    );
  }
  return (
    <div className="diff-scroll" tabIndex={0} role="region" aria-label={props.label}>
      <table className="diff">
        <tbody>{rows.slice(0, isWhole ? rows.length : MAX_ROWS).map(drawRow)}</tbody>
      </table>
      {rows.length > MAX_ROWS && !isWhole && (
        <button
          className="btn"
          onClick={() => {
            setWhole(true);
          }}
        >
          Show all {rows.length} rows
        </button>
      )}
    </div>
  );
}

function drawRow(row: DiffRow | Fold, index: number) {
  if (row.kind === "fold") {
    return (
      <tr key={index} className="fold">
        <td colSpan={4}>{row.count} equal lines</td>
      </tr>
    );
  }
  const isChanged = row.kind === "changed";
  return (
    <tr key={index}>
      {cells(row.left, isChanged ? "removed" : "", "−")}
      {cells(row.right, isChanged ? "added" : "", "+")}
    </tr>
  );
}

function cells(line: Line | undefined, change: string, mark: string) {
  const kind = line === undefined ? "none" : change;
  return (
    <>
      <td className={`line-number ${kind}`}>{line?.number}</td>
      <td className={`line ${kind}`} dir="auto">
        {kind !== "" && kind !== "none" && <span className="mark">{mark} </span>}
        {line?.text}
      </td>
    </>
  );
}
