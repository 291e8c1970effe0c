/** A text in lines, each with what ends it; only the last one may lack its LF. */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at) + 1;
    const next = end === 0 ? text.length : end;
    lines.push(text.slice(at, next));
    at = next;
  }
  return lines;
}

/** Gives equal lines the same number, so that comparing long ones costs no more than short ones. */
export function numbered(...texts: readonly (readonly string[])[]): number[][] {
  const numbers = new Map<string, number>();
  const numberOf = (line: string) => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  return texts.map((lines) => lines.map(numberOf));
}
