// What a CycloneDX document lists, as far as licences and audit need it.

/**
 * @typedef {object} Component
 * @property {string} name with its group or scope
 * @property {string} version
 * @property {string} purl
 * @property {readonly string[]} licences SPDX ids, names or expressions as the document gives them
 * @property {boolean} isDevelopment used to build and test only
 */

/**
 * Every component of a CycloneDX JSON document but the project's own.
 *
 * @param {string} text the document
 * @returns {Component[]}
 */
export function componentsOf(text) {
  return JSON.parse(text)
    .components.map(readComponent)
    .filter(({ name }) => !/^(@gitblobs\/|dev\.gitblobs\.relay:)/u.test(name));
}

function readComponent({ group, name, version, purl, licenses = [], properties = [] }) {
  return {
    name: group === undefined || group === "" ? name : `${group}:${name}`,
    version,
    purl,
    licences: licenses.flatMap(({ license, expression }) =>
      expression === undefined ? [license.id ?? license.name] : expression.split(" OR "),
    ),
    isDevelopment: properties.some((one) => one.name === "cdx:npm:package:development"),
  };
}
