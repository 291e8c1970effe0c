import {
  defaultKeymap,
  history,
  historyKeymap,
  indentLess,
  indentMore,
} from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { isProse, languageOf } from "./code-languages.ts";
import { codeTheme } from "./code-theme.ts";

/** After Escape, Tab leaves the editor for so long. */
const LEAVING_MS = 3_000;

const tabs = keymap.of([
  { key: "Tab", run: indent, shift: indentLess },
  {
    key: "Escape",
    run: (view) => {
      view.setTabFocusMode(LEAVING_MS);
      return false;
    },
  },
]);

/** Lines that are selected move; otherwise one step is put in where the cursor is. */
function indent(view: EditorView): boolean {
  if (hasSelection(view)) return indentMore(view);
  const { state } = view;
  view.dispatch(
    state.update(state.replaceSelection(state.facet(indentUnit)), { userEvent: "input" }),
  );
  return true;
}

/** What the file itself indents by, as far as its beginning tells. */
const unitOf = (text: string): string => (/^\t/mu.test(text.slice(0, 10_000)) ? "\t" : "  ");

const hasSelection = ({ state }: EditorView) =>
  state.selection.ranges.some((range) => !range.empty);

/** A change that was not typed here. */
const given = Annotation.define<boolean>();

/** What an editor works with. */
export interface CodeViewParts {
  /** A shadow root: its style sheets are adopted, which the page's policy allows, unlike elements of style. */
  readonly root: ShadowRoot;
  readonly path: string;
  readonly label: string;
  readonly text: string;
  readonly onChange: () => void;
}

/** Makes an editor of text: line numbers, search, go to line, highlighting by the file's name, undo. */
export function makeCodeView({ root, path, label, text, onChange }: CodeViewParts): EditorView {
  const language = new Compartment();
  const extensions: Extension = [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: false }),
    EditorView.lineWrapping,
    indentUnit.of(unitOf(text)),
    tabs,
    keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.contentAttributes.of({
      "aria-label": label,
      dir: "auto",
      spellcheck: String(isProse(path)),
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((one) => one.annotation(given) === true))
        onChange();
    }),
    language.of([]),
    codeTheme,
  ];
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: text, extensions }),
  });
  const load = languageOf(path);
  // A language that cannot be loaded now, as after an update, leaves plain text.
  load?.().then(
    (loaded) => {
      view.dispatch({ effects: language.reconfigure(loaded) });
    },
    () => undefined,
  );
  return view;
}

/** Gives the editor another text; what is the same at both ends stays as it is, and the cursor with it. */
export function replaceText(view: EditorView, text: string): void {
  const before = view.state.doc.toString();
  const after = text.replaceAll(/\r\n?/gu, "\n");
  if (before === after) return;
  let from = 0;
  while (from < Math.min(before.length, after.length) && before[from] === after[from]) from++;
  let [to, end] = [before.length, after.length];
  while (to > from && end > from && before[to - 1] === after[end - 1])
    [to, end] = [to - 1, end - 1];
  const changes = { from, to, insert: after.slice(from, end) };
  view.dispatch({ changes, annotations: given.of(true) });
}
