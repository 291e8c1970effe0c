// A browser as one more device: opens stores in the page that the relay serves, tells what it shows, writes files.
// Reads {url, user, password, visits: [{store, write?: {path, text}}]} from standard input, prints one JSON array of
// {store, head, files} in the order of the visits. The system's Chromium is found on PATH or named by CHROMIUM.
import { json } from "node:stream/consumers";
import { chromium } from "playwright-core";
import { findChromium } from "../../tools/machine.ts";

async function logIn(page, { url, user, password }) {
  await page.goto(url);
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel(`Account of ${user}`).waitFor();
}

const upToDate = (page) => page.locator(".pill").getByText("Up to date", { exact: true }).waitFor();

async function write(page, { path, text }) {
  await page.getByRole("button", { name: "New file" }).click();
  await page.getByLabel("Name", { exact: true }).fill(path);
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel(`Content of ${path}`).press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("button", { name: "Edit" }).waitFor();
  await upToDate(page);
}

async function visit(page, url, { store, write: file }) {
  const at = `${url}/#/s/${encodeURIComponent(store)}`;
  await page.goto(`${at}/files`);
  await upToDate(page);
  if (file !== undefined) await write(page, file);
  await page.goto(`${at}/files`);
  await page.locator(".rows a").first().waitFor();
  const files = await page.locator(".rows a").allTextContents();
  await page.goto(`${at}/history`);
  const head = await page.locator(".commit-row .hash").first().textContent();
  return { store, head, files };
}

const work = await json(process.stdin);
const executablePath = findChromium();
if (executablePath === undefined) throw new Error("there is no Chromium on PATH, nor in CHROMIUM");
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ locale: "en-US" });
  page.setDefaultTimeout(60_000);
  await logIn(page, work);
  const seen = [];
  for (const one of work.visits) seen.push(await visit(page, work.url, one));
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
