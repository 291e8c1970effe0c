import { createValue, type Value } from "./value.ts";

/** Where in the page the user is. */
export type Route =
  | { readonly page: "stores" }
  | { readonly page: "sessions" }
  | { readonly page: "admin" }
  | { readonly page: "files"; readonly store: string }
  | { readonly page: "file"; readonly store: string; readonly path: string }
  | { readonly page: "history"; readonly store: string }
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
      return `#/s/${encodeURIComponent(route.store)}/file/${encodeURIComponent(route.path)}`;
    case "compare":
      return `#/s/${encodeURIComponent(route.store)}/compare/${route.from}/${route.to}`;
    case "files":
    case "history":
    case "transfer":
    case "conflicts":
      return `#/s/${encodeURIComponent(route.store)}/${route.page}`;
  }
}

/** Reads a fragment; what cannot be read leads to the list of stores. */
export function parseRoute(fragment: string): Route {
  const parts = fragment.replace(/^#\/?/u, "").split("/").map(decode);
  const [first, store = "", page = "files", one = "", two = ""] = parts;
  if (first === "sessions" || first === "admin") return { page: first };
  if (first !== "s" || store === "") return { page: "stores" };
  switch (page) {
    case "file":
      return { page, store, path: one };
    case "compare":
      return { page, store, from: one, to: two };
    case "history":
    case "transfer":
    case "conflicts":
      return { page, store };
    default:
      return { page: "files", store };
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** Asked before a place is left; false stays. */
export type LeaveGuard = () => boolean;
let guard: LeaveGuard = () => true;

/** Sets what is asked before the user leaves; returns how to take it back. */
export function guardLeaving(next: LeaveGuard): () => void {
  guard = next;
  return () => {
    guard = () => true;
  };
}

/** The present place, following the browser's history. */
export const route: Value<Route> = createValue<Route>(parseRoute(location.hash));
let present = location.hash;

addEventListener("hashchange", () => {
  if (location.hash === present) return;
  if (!guard()) {
    history.replaceState(null, "", present === "" ? "#/" : present);
    return;
  }
  present = location.hash;
  route.set(parseRoute(present));
});

/** Goes to a place. */
export function goTo(next: Route): void {
  location.hash = hrefOf(next);
}
