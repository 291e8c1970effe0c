import { shownName } from "./format.ts";
import { createValue, type Value } from "./value.ts";

/** Where in the page the user is. */
export type Route =
  | { readonly page: "stores" }
  | { readonly page: "sessions" }
  | { readonly page: "admin" }
  | { readonly page: "files"; readonly store: string }
  | { readonly page: "file"; readonly store: string; readonly path: string }
  | { readonly page: "versions"; readonly store: string; readonly path: string }
  | { readonly page: "history"; readonly store: string }
  | { readonly page: "deleted"; readonly store: string }
  | { readonly page: "compare"; readonly store: string; readonly from: string; readonly to: string }
  | { readonly page: "transfer"; readonly store: string }
  | { readonly page: "conflicts"; readonly store: string };

/** The fragment that names a place; nothing secret is ever in it. */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case "stores":
      return "#/";
    case "sessions":
    case "admin":
      return `#/${route.page}`;
    case "file":
    case "versions":
      return `#/s/${encode(route.store)}/${route.page}/${encode(route.path)}`;
    case "compare":
      return `#/s/${encode(route.store)}/compare/${encode(route.from)}/${encode(route.to)}`;
    case "files":
    case "history":
    case "deleted":
    case "transfer":
    case "conflicts":
      return `#/s/${encode(route.store)}/${route.page}`;
  }
}

/** What the browser's tab and its history call a place (WCAG 2.2, 2.4.2). */
export function titleOfPlace(route: Route): string {
  switch (route.page) {
    case "stores":
      return "Stores · GitBlobs";
    case "sessions":
      return "Sessions · GitBlobs";
    case "admin":
      return "Administration · GitBlobs";
    case "file":
      return `${shownName(route.path)} · ${route.store} · GitBlobs`;
    case "versions":
      return `Versions of ${shownName(route.path)} · ${route.store} · GitBlobs`;
    case "files":
    case "history":
    case "deleted":
    case "compare":
    case "transfer":
    case "conflicts":
      return `${NAMES[route.page]} · ${route.store} · GitBlobs`;
  }
}

const NAMES = {
  files: "Files",
  history: "History",
  deleted: "Deleted files",
  compare: "Comparison",
  transfer: "Import and export",
  conflicts: "Decide",
} as const;

/** Reads a fragment; what cannot be read leads to the list of stores. */
export function parseRoute(fragment: string): Route {
  const parts = fragment.replace(/^#\/?/u, "").split("/").map(decode);
  const [first, store = "", page = "files", one = "", two = ""] = parts;
  if (first === "sessions" || first === "admin") return { page: first };
  if (first !== "s" || store === "") return { page: "stores" };
  switch (page) {
    case "file":
    case "versions":
      return { page, store, path: one };
    case "compare":
      return { page, store, from: one, to: two };
    case "history":
    case "deleted":
    case "transfer":
    case "conflicts":
      return { page, store };
    default:
      return { page: "files", store };
  }
}

/** Marks a part written as JSON: the only way to say the halves of characters that some names in trees have. */
const JSON_MARK = "~";

function encode(part: string): string {
  if (!part.isWellFormed()) return JSON_MARK + encodeURIComponent(JSON.stringify(part));
  return encodeURIComponent(part).replace(/^~/u, "%7E");
}

function decode(part: string): string {
  try {
    if (!part.startsWith(JSON_MARK)) return decodeURIComponent(part);
    const value: unknown = JSON.parse(decodeURIComponent(part.slice(JSON_MARK.length)));
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}

/** The present place, following the browser's history. */
export const route: Value<Route> = createValue<Route>(parseRoute(location.hash));

addEventListener("hashchange", () => {
  route.set(parseRoute(location.hash));
});

/** Goes to a place. */
export function goTo(next: Route): void {
  location.hash = hrefOf(next);
}
