import type { NewFile } from "./actions.ts";

/** Reads files the user picked or dropped; names become normal form C, as the store wants them. */
export function filesOf(list: readonly File[]): Promise<NewFile[]> {
  return Promise.all(
    list.map(async (file) => ({
      path: (file.webkitRelativePath === "" ? file.name : file.webkitRelativePath).normalize("NFC"),
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}
