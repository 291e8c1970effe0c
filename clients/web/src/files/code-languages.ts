import type { Extension } from "@codemirror/state";

type Load = () => Promise<Extension>;

const javascript = (options: { readonly jsx?: boolean; readonly typescript?: boolean }): Load => {
  return async () => (await import("@codemirror/lang-javascript")).javascript(options);
};

/** Languages by the ends of names; each is a part of the page that is loaded when a file of it is first opened. */
const LANGUAGES: Readonly<Record<string, Load>> = {
  js: javascript({ jsx: true }),
  mjs: javascript({}),
  cjs: javascript({}),
  jsx: javascript({ jsx: true }),
  ts: javascript({ typescript: true }),
  mts: javascript({ typescript: true }),
  tsx: javascript({ jsx: true, typescript: true }),
  json: async () => (await import("@codemirror/lang-json")).json(),
  md: async () => (await import("@codemirror/lang-markdown")).markdown(),
  py: async () => (await import("@codemirror/lang-python")).python(),
  java: async () => (await import("@codemirror/lang-java")).java(),
  yaml: async () => (await import("@codemirror/lang-yaml")).yaml(),
  yml: async () => (await import("@codemirror/lang-yaml")).yaml(),
};

/** Names whose text is written for people, where spelling matters. */
const PROSE = /(^|\/)[^.]*$|\.(txt|md|markdown|text)$/iu;

const endOf = (path: string): string => /\.(?<end>[^./]+)$/u.exec(path)?.groups?.["end"] ?? "";

/** The language of a file by its name; undefined where it is none of those known here. */
export const languageOf = (path: string): Load | undefined => {
  const end = endOf(path).toLowerCase();
  return Object.hasOwn(LANGUAGES, end) ? LANGUAGES[end] : undefined;
};

/** Whether the browser should look at the spelling. */
export const isProse = (path: string): boolean => PROSE.test(path);
