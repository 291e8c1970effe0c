/**
 * A Miniflare plugin with one binding: the service behind every D1 binding, which takes the
 * database's id from a header. With it one Worker reaches every database, and a new database
 * needs no restart of workerd.
 */
const entry = {
  getBindings: ({ config }) =>
    Object.entries(config.env)
      .filter(([, binding]) => binding.type === "unsafe:d1-entry")
      .map(([name]) => ({ name, service: { name: "d1:db:entry" } })),
  getNodeBindings: () => ({}),
  getServices: async () => [],
};

export const plugins = { "d1-entry": entry };
