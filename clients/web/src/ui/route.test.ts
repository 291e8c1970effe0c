import { beforeAll, describe, expect, it, vi } from "vitest";

describe("the address of a place", () => {
  let route: typeof import("./route.ts");
  beforeAll(async () => {
    vi.stubGlobal("location", { hash: "" });
    vi.stubGlobal("addEventListener", () => undefined);
    route = await import("./route.ts");
  });

  it.each(["a/b c.txt", "", "~", "~tilde", "%2F", "\ud800", "x\udfff~", "two\nlines", "#?&"])(
    "leads back to the file %j",
    (path) => {
      const place = { page: "file", store: "notes", path } as const;
      expect(route.parseRoute(route.hrefOf(place))).toEqual(place);
    },
  );

  it.each(["#/s/x/file/~%7", "#/s/x/file/~1", "#/s/%", "#/nowhere", "#/s//files"])(
    "that makes no sense, %s, leads somewhere all the same",
    (fragment) => {
      expect(["stores", "file"]).toContain(route.parseRoute(fragment).page);
    },
  );
});
