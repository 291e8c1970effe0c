import files from "web-assets";
import type { Env } from "../env.ts";
import { listOrigins } from "../http/origin.ts";
import { RelayError } from "../http/problem.ts";
import { assetParams } from "../schemas/service.ts";
import { publicRoute, type Call, type Route } from "../http/route.ts";

/**
 * What the page may do: run its own scripts and styles, show pictures it made itself, talk to its relay. No inline
 * script, no markup from strings, no framing (ASVS 3.4.3, 3.4.6).
 */
const policyOf = (relay: string | undefined): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    `connect-src 'self'${relay === undefined ? "" : ` ${relay} ${relay.replace(/^http/u, "ws")}`}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types gitblobs",
  ].join("; ");

/** The other relay that the page served here talks to, if that is set. */
const otherRelay = ({ PAGE_RELAY }: Env): string | undefined => listOrigins(PAGE_RELAY ?? "")[0];

/** The page, told which relay it is of; a script could not be told without being in the page. */
const forRelay = (body: string, relay: string): string =>
  body.replace("<title>", `<meta name="gitblobs-relay" content="${relay}" /><title>`);

const byPath = new Map(files.map((file) => [file.path, file]));

/** Media types of the files that `wanted` names, as the API's description lists them. */
const mediaTypesOf = (wanted: (path: string) => boolean): readonly string[] => [
  ...new Set(files.filter(({ path }) => wanted(path)).map(({ type }) => type.replace(/;.*/su, ""))),
];
/** A caller that shows the ETag it has gets no body. */
const notModified = { status: 304, description: "The caller has it already" };

/** The web client: one artefact is API and page of one version. */
export const webRoutes: readonly Route[] = [
  pageRoute("/", "The web client"),
  pageRoute("/sw.js", "The web client's service worker, which keeps the page usable offline"),
  publicRoute(
    {
      method: "GET",
      path: "/assets/:name",
      summary: "A file of the web client; its name changes with its content",
      withoutConfiguration: true,
      isFile: true,
      input: { params: assetParams },
      success: {
        status: 200,
        description: "The file",
        mediaTypes: mediaTypesOf((path) => path.startsWith("/assets/")),
      },
      otherwise: notModified,
      problems: ["not_found"],
    },
    (call) => Promise.resolve(serveFile(call, `/assets/${call.params.name}`)),
  ),
];

function pageRoute(path: string, summary: string): Route {
  return publicRoute(
    {
      method: "GET",
      path,
      summary,
      withoutConfiguration: true,
      isFile: true,
      input: {},
      success: {
        status: 200,
        description: "The file",
        mediaTypes: mediaTypesOf((one) => one === path),
      },
      otherwise: notModified,
      problems: ["not_found"],
    },
    (call) => Promise.resolve(serveFile(call, path)),
  );
}

function serveFile(call: Call, path: string): Response {
  const file = byPath.get(path);
  if (file === undefined) {
    throw new RelayError("not_found");
  }
  const relay = otherRelay(call.env);
  const isPage = relay !== undefined && path === "/";
  const etag = isPage ? file.etag.replace(/"$/u, `-${relay}"`) : file.etag;
  const headers = {
    etag,
    "cache-control": file.immutable ? "public, max-age=31536000, immutable" : "no-cache",
    "content-security-policy": policyOf(relay),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
  };
  const known = (call.request.headers.get("if-none-match") ?? "").split(",");
  if (known.some((one) => one.trim().replace(/^W\//u, "") === etag)) {
    return new Response(null, { status: 304, headers });
  }
  const body = isPage ? forRelay(file.body, relay) : file.body;
  return new Response(body, { headers: { ...headers, "content-type": file.type } });
}
