import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { test } from "node:test";
import { severeVulnerabilities, Unreachable } from "./audit.mjs";
import { componentsOf } from "./components.mjs";
import { refusedLicences } from "./licences.mjs";

const rules = { allowed: ["MIT", "Apache-2.0"], exceptions: { "odd-": "known" } };

const component = (name, ...licences) => ({
  name,
  version: "1",
  purl: `pkg:npm/${name}@1`,
  licences,
  isDevelopment: false,
});

test("a licence that is not allowed is refused, one choice among several is enough", () => {
  const refused = refusedLicences(
    [
      component("good", "MIT"),
      component("choice", "LGPL-2.1-only", "Apache-2.0"),
      component("both", "Apache-2.0 AND MIT"),
      component("half", "(Apache-2.0 AND GPL-3.0-only)"),
      component("copyleft", "GPL-3.0-only"),
      component("silent"),
      component("odd-one", "Whatever"),
      { ...component("tool", "GPL-3.0-only"), isDevelopment: true },
    ],
    rules,
  );
  assert.deepEqual(
    refused.map(({ name }) => name),
    ["half", "copyleft", "silent"],
  );
});

test("components are read from both kinds of CycloneDX documents, without our own", () => {
  const text = JSON.stringify({
    components: [
      {
        group: "org.example",
        name: "lib",
        version: "2",
        purl: "pkg:maven/org.example/lib@2",
        licenses: [{ license: { id: "MIT" } }],
      },
      { group: "dev.gitblobs.relay", name: "infra", version: "0" },
      {
        name: "tool",
        version: "3",
        purl: "pkg:npm/tool@3",
        licenses: [{ expression: "MIT OR Apache-2.0" }],
        properties: [{ name: "cdx:npm:package:development", value: "true" }],
      },
    ],
  });
  assert.deepEqual(
    componentsOf(text).map(({ name, licences, isDevelopment }) => ({
      name,
      licences,
      isDevelopment,
    })),
    [
      { name: "org.example:lib", licences: ["MIT"], isDevelopment: false },
      { name: "tool", licences: ["MIT", "Apache-2.0"], isDevelopment: true },
    ],
  );
});

test("vulnerabilities of high and of unstated severity are told, others are not", async (t) => {
  const severities = { A: "HIGH", B: "MODERATE", C: undefined };
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      const { queries } = await json(request);
      const results = queries.map(({ package: { purl } }) =>
        purl.includes("bad") ? { vulns: Object.keys(severities).map((id) => ({ id })) } : {},
      );
      response.end(JSON.stringify({ results }));
    } else {
      const severity = severities[request.url.split("/").at(-1)];
      response.end(JSON.stringify({ summary: "s", database_specific: { severity } }));
    }
  });
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const found = await severeVulnerabilities(`http://127.0.0.1:${server.address().port}`, [
    component("good"),
    component("bad"),
  ]);
  assert.deepEqual(
    found.map(({ id, component: purl, severity }) => [id, purl, severity]),
    [
      ["A", "pkg:npm/bad@1", "HIGH"],
      ["C", "pkg:npm/bad@1", "UNKNOWN"],
    ],
  );
});

test("a database that does not answer is not taken for a clean bill", async () => {
  await assert.rejects(
    severeVulnerabilities("http://127.0.0.1:1", [component("any")]),
    Unreachable,
  );
});
