// Known vulnerabilities of components, asked of OSV (https://google.github.io/osv.dev/api/).

const perQuery = 500;

/** The database could not be asked: nothing is known either way. */
export class Unreachable extends Error {}

async function ask(url, body) {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    if (response.ok) return await response.json();
    throw new Error(`it answered ${response.status}`);
  } catch (error) {
    throw new Unreachable(`${url}: ${error.cause?.code ?? error.message}`);
  }
}

/**
 * Vulnerabilities of high or critical severity, or of none stated, in components.
 *
 * @param {string} osv the database's address
 * @param {readonly import("./components.mjs").Component[]} components
 * @returns {Promise<{component: string, id: string, severity: string, summary: string}[]>}
 * @throws {Unreachable} if any question was not answered
 */
export async function severeVulnerabilities(osv, components) {
  const found = [];
  for (let at = 0; at < components.length; at += perQuery) {
    const asked = components.slice(at, at + perQuery);
    const queries = asked.map(({ purl }) => ({ package: { purl } }));
    const { results } = await ask(`${osv}/v1/querybatch`, { queries });
    for (const [i, { vulns = [] }] of results.entries()) {
      for (const { id } of vulns) found.push({ id, component: asked[i].purl });
    }
  }
  const severe = [];
  for (const { id, component } of found) {
    const { summary = "", database_specific: facts = {} } = await ask(`${osv}/v1/vulns/${id}`);
    const severity = facts.severity ?? "UNKNOWN";
    if (!["LOW", "MODERATE", "MEDIUM"].includes(severity)) {
      severe.push({ component, id, severity, summary });
    }
  }
  return severe;
}
