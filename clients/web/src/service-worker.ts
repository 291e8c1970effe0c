/** The part of Trusted Types that is used; browsers without them take plain text. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

const SCRIPT = "/sw.js";

/**
 * Lets the page be opened while there is no network; the relay's data is never cached by it. The page's policy allows
 * no script address but the one made here.
 */
export function registerServiceWorker(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("gitblobs", { createScriptURL: () => SCRIPT });
  const url = policy?.createScriptURL(SCRIPT) ?? SCRIPT;
  navigator.serviceWorker.register(url).catch((error: unknown) => {
    // Without it the page works as well, as long as there is a network.
    console.warn("The page cannot be kept for use offline.", error);
  });
}
