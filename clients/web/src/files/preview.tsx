import { useEffect, useState } from "react";
import { formatBytes } from "../ui/format.ts";
import { MAX_TEXT_BYTES, saveAs, type Content } from "./content.ts";

/** Shows bytes: as text, as a picture, or as they are. Never as markup. */
export function Preview({ content, name }: { readonly content: Content; readonly name: string }) {
  switch (content.kind) {
    case "text":
      return content.text === "" ? (
        <p className="muted">The file is empty.</p>
      ) : (
        <pre className="text-view" tabIndex={0} dir="auto" aria-label={`Content of ${name}`}>
          {content.text}
        </pre>
      );
    case "image":
      return <Picture type={content.type} bytes={content.bytes} name={name} />;
    case "large":
      return <TooLarge bytes={content.bytes} name={name} />;
    case "binary":
      return <HexView bytes={content.bytes} />;
  }
}

function TooLarge({ bytes, name }: { readonly bytes: Uint8Array; readonly name: string }) {
  return (
    <>
      <p className="notice">
        <span className="grow">
          This file is too large to edit here: {formatBytes(bytes.length)}, and a text may have{" "}
          {formatBytes(MAX_TEXT_BYTES)}.
        </span>
        <button
          className="btn small"
          onClick={() => {
            saveAs(name, bytes);
          }}
        >
          Download it
        </button>
      </p>
      <HexView bytes={bytes} />
    </>
  );
}

function Picture(props: {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly name: string;
}) {
  const { type, bytes, name } = props;
  const [url, setUrl] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
    };
  }, [bytes, type]);
  if (isBroken) return <HexView bytes={bytes} />;
  return (
    <div className="picture">
      {url !== undefined && (
        <img
          src={url}
          alt={name}
          onError={() => {
            setBroken(true);
          }}
        />
      )}
    </div>
  );
}

const ROW = 16;
const FIRST_BYTES = 4096;

/** Bytes as hex, beside those that are printable characters. */
export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const [shown, setShown] = useState(FIRST_BYTES);
  return (
    <>
      <pre className="text-view hex" tabIndex={0} aria-label="Content as hexadecimal bytes">
        {hexRows(bytes.subarray(0, shown)).join("\n")}
      </pre>
      {bytes.length > shown && (
        <button
          className="btn"
          onClick={() => {
            setShown(shown * 4);
          }}
        >
          Show more of {formatBytes(bytes.length)}
        </button>
      )}
    </>
  );
}

/** Lines of sixteen bytes: offset, hex, characters. */
export function hexRows(bytes: Uint8Array): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = [...bytes.subarray(at, at + ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·"));
    rows.push(`${at.toString(16).padStart(8, "0")}  ${hex.padEnd(ROW * 3)} ${text.join("")}`);
  }
  return rows;
}
