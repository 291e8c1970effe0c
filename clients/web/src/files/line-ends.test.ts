import { describe, expect, it } from "vitest";
import { readContent } from "./content.ts";
import { withLineEnds } from "./line-ends.ts";

describe("saving an edited text", () => {
  it("leaves a text with plain line feeds as it was typed", () => {
    expect(withLineEnds("a\nb\n", "a\nc\n")).toBe("a\nc\n");
  });

  it("gives a text with CRLF its line ends back", () => {
    expect(withLineEnds("a\r\nb\r\n", "a\nnew\nb\n")).toBe("a\r\nnew\r\nb\r\n");
  });

  it("changes no line end of an unchanged line where they are mixed", () => {
    const mixed = "one\r\ntwo\nthree\rfour\r\n";
    expect(withLineEnds(mixed, "one\ntwo\nthree\nfour\n")).toBe(mixed);
    expect(withLineEnds(mixed, "one\n2\nand\nthree\nfour\n")).toBe(
      "one\r\n2\nand\r\nthree\rfour\r\n",
    );
  });

  it("ends the last line only where the editor did", () => {
    expect(withLineEnds("a\r\nb", "a\nb\nc")).toBe("a\r\nb\r\nc");
    expect(withLineEnds("a\r\nb\r\n", "a\nb")).toBe("a\r\nb");
  });

  it("keeps a byte order mark", () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x61]);
    const content = readContent(bytes);
    expect(content.kind === "text" && new TextEncoder().encode(content.text)).toEqual(bytes);
  });
});
