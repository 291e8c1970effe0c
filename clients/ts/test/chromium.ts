import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import { findChromium, isAbsent } from "../../../tools/machine.ts";

/** Whether tests in a browser are left out: always in the fast level, else where there is none, which is said. */
export const isWithoutBrowser =
  process.env["LEVEL"] === "fast" || isAbsent("Chromium", findChromium() !== undefined);

/** Starts Chromium, quiet and offline but for loopback. */
export async function startChromium(language = "en-US"): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("there is no Chromium on this machine");
  return chromium.launch({
    executablePath,
    env: { ...process.env, LANGUAGE: language.replace("-", "_") },
    args: [
      `--lang=${language}`,
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Bundles a module (a path, or relative to this folder) for the browser, where it is the global `sdk`. */
export async function bundleForBrowser(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    format: "iife",
    globalName: "sdk",
    target: "es2024",
    write: false,
    logLevel: "warning",
  });
  return result.outputFiles[0]?.text ?? "";
}

/** Serves one script on a page of its own, on loopback: hashing needs a secure origin. */
export async function servePage(script: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const isScript = request.url === "/sdk.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : "<!doctype html><script src=/sdk.js></script>");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Calls a function of a bundled module in Chromium, once per language. */
export async function runInChromium<Result>(
  entry: string,
  name: string,
  languages: readonly string[],
  argument: unknown = null,
): Promise<Result[]> {
  const page = await servePage(await bundleForBrowser(entry));
  const results: Result[] = [];
  for (const language of languages) {
    const browser = await startChromium(language);
    const tab = await (await browser.newContext({ locale: language })).newPage();
    await tab.goto(page.url);
    results.push(await callInPage<Result>(tab, name, argument));
    await browser.close();
  }
  page.close();
  return results;
}

/** Calls a function of the global `sdk`. */
export async function callInPage<Result>(
  tab: Page,
  name: string,
  argument: unknown,
): Promise<Result> {
  const result: unknown = await tab.evaluate(
    ([called, given]) => {
      const { sdk } = globalThis as unknown as { sdk: Record<string, (g: unknown) => unknown> };
      return sdk[called]?.(given);
    },
    [name, argument] as const,
  );
  return result as Result;
}
