/** A locale whose order is the ICU root collation, and which every engine has, even one built without the others. */
const ROOT_LOCALE = "en-US";

/** Locales whose order differs from root and under which original clients may have hashed (FORMAT.md 2.3). */
const FOREIGN_LOCALES = ["da", "cs", "sv", "et", "lt", "vi", "zh", "ja", "ko"];

/** Says which of two keys comes first; zero for keys that sort as the same, which different ones may. */
export type KeyOrder = (a: string, b: string) => number;

/**
 * The order of keys in canonical text: the root collation, whatever the language of the process or of the browser.
 * `und` would be the root's proper name, but engines answer it with their default locale.
 */
export const rootOrder: KeyOrder = orderOf(ROOT_LOCALE);

/** The orders a writer of foreign language may have used in place of root. */
export function foreignOrders(): KeyOrder[] {
  return Intl.Collator.supportedLocalesOf(FOREIGN_LOCALES).map(orderOf);
}

function orderOf(locale: string): KeyOrder {
  return new Intl.Collator(locale, {
    usage: "sort",
    sensitivity: "variant",
    ignorePunctuation: false,
    numeric: false,
    caseFirst: "false",
  }).compare;
}
