// Which licences may be in what we ship and run.

/**
 * Components whose licences are neither allowed nor excepted; of several licences to choose from, one is enough. An
 * expression with AND needs all of its parts. What only builds and tests is not looked at.
 *
 * @param {readonly import("./components.mjs").Component[]} components
 * @param {{allowed: readonly string[], exceptions: Record<string, string>}} rules exceptions by the beginning of a name
 */
export function refusedLicences(components, { allowed, exceptions }) {
  const isAllowed = (expression) =>
    expression
      .replaceAll(/[()]/gu, "")
      .split(" AND ")
      .every((part) => allowed.includes(part));
  return components.filter(
    ({ name, licences, isDevelopment }) =>
      !isDevelopment &&
      !licences.some(isAllowed) &&
      !Object.keys(exceptions).some((beginning) => name.startsWith(beginning)),
  );
}
