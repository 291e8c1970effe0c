/**
 * What stands before a script on Cloudflare's network: picks the version that answers, adds the
 * headers the network adds, and turns an uncaught exception into error 1101.
 * Bound: SCRIPT (its name), VERSIONS [{id, percentage, binding}], and one service per version.
 */
export default {
  async fetch(request, env) {
    const version = chooseVersion(request.headers, env);
    const headers = new Headers(request.headers);
    // The network always sets it. Kept when given, so that tests can play several clients.
    if (!headers.has("cf-connecting-ip")) headers.set("cf-connecting-ip", "127.0.0.1");
    headers.set("cf-ray", crypto.randomUUID().replaceAll("-", "").slice(0, 16));
    try {
      return await env[version.binding].fetch(new Request(request, { headers }));
    } catch (error) {
      console.error(`${env.SCRIPT}: uncaught exception: ${error?.stack ?? error}`);
      return new Response("error code: 1101", {
        status: 500,
        headers: { "content-type": "text/plain" },
      });
    }
  },
};

function chooseVersion(headers, { SCRIPT, VERSIONS }) {
  const asked = overrideFor(headers.get("cloudflare-workers-version-overrides"), SCRIPT);
  const override = VERSIONS.find(({ id }) => id === asked);
  if (override !== undefined) return override;
  let point = 100 * share(headers.get("cloudflare-workers-version-key"));
  return VERSIONS.find(({ percentage }) => (point -= percentage) < 0) ?? VERSIONS.at(-1);
}

/** The version id that a structured-field dictionary `script="id", ...` names for this script. */
function overrideFor(header, script) {
  for (const item of (header ?? "").split(",")) {
    const [name, value] = item.split("=").map((part) => part.trim());
    if (name === script) return value?.replaceAll('"', "");
  }
  return undefined;
}

/** A number in [0, 1): random, or fixed by the affinity key (FNV-1a). */
function share(key) {
  if (key === null) return Math.random();
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash / 0x1_0000_0000;
}
