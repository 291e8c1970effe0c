import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The page's own colours, which follow light and dark by themselves. */
const view = EditorView.theme({
  "&": {
    color: "var(--text)",
    backgroundColor: "var(--card)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius)",
    height: "60dvh",
    fontSize: "0.88rem",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "light-dark(#c9e4df, #1d4d48)" },
  ".cm-gutters": {
    backgroundColor: "var(--ground)",
    color: "var(--muted)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "light-dark(#1018280a, #ffffff0a)" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel button, .cm-textfield": {
    backgroundImage: "none",
    backgroundColor: "var(--card)",
    color: "var(--text)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    fontSize: "0.85rem",
  },
  ".cm-panel.cm-search label": { fontSize: "0.85rem" },
  ".cm-searchMatch": { backgroundColor: "light-dark(#ffe9a8, #5a4a12)" },
  ".cm-searchMatch-selected": { backgroundColor: "light-dark(#ffc24d, #8a6d10)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    outline: "1px solid var(--accent)",
  },
});

const highlight = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.modifier, tags.operatorKeyword],
    color: "light-dark(#8a2be2, #c99bff)",
  },
  { tag: [tags.string, tags.special(tags.string)], color: "light-dark(#0a6b2d, #7ee2a0)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "light-dark(#9a4a00, #ffb46b)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  {
    tag: [tags.definition(tags.variableName), tags.function(tags.variableName)],
    color: "light-dark(#0b5cad, #8cc4ff)",
  },
  { tag: [tags.typeName, tags.className, tags.tagName], color: "light-dark(#0b665f, #5eead4)" },
  { tag: [tags.propertyName, tags.attributeName], color: "light-dark(#0b5cad, #8cc4ff)" },
  { tag: tags.heading, fontWeight: "bold" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strong, fontWeight: "bold" },
  { tag: [tags.link, tags.url], color: "var(--link)" },
]);

/** How the editor looks. */
export const codeTheme: Extension = [view, syntaxHighlighting(highlight)];
