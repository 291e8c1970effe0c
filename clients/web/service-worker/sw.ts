// Serves the page itself while there is no network. Nothing of the relay's data passes through here: requests that are
// not for the page's own files go to the network untouched.

/** The page's files, and a name that changes with them; set by the build. */
declare const __ASSETS__: readonly string[];
declare const __ASSETS_ID__: string;

// The library declares the global scope as that of any worker.
const worker = self as unknown as ServiceWorkerGlobalScope;

const PREFIX = "gitblobs-";
/** The relay's answers vary by Origin, its files do not. */
const ANY_VARY = { ignoreVary: true };
const CACHE = `${PREFIX}${__ASSETS_ID__}`;

worker.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(["/", ...__ASSETS__]);
    await worker.skipWaiting();
  };
  event.waitUntil(fill());
});

worker.addEventListener("activate", (event) => {
  const takeOver = async () => {
    const names = await caches.keys();
    // The one before stays for pages that are still open and may load the rest of themselves.
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).slice(0, -1);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(takeOver());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname === "/") event.respondWith(networkFirst(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(cacheFirst(request));
});

/** The page as the relay has it; the kept one when the relay cannot be reached or is in trouble. */
async function networkFirst(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    return answer.status < 500 ? answer : ((await keptPage()) ?? answer);
  } catch {
    return (await keptPage()) ?? Response.error();
  }
}

/** The page of this version: older caches hold older pages at the same address. */
async function keptPage(): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  return cache.match("/", ANY_VARY);
}

/** A file of the page; its name says its content, so any cache will do. */
async function cacheFirst(request: Request): Promise<Response> {
  return (await caches.match(request, ANY_VARY)) ?? fetch(request);
}
