// The API as a page for people, made from the OpenAPI document that the relay serves.

const groups = [
  ["Logging in", /^\/(login|refresh|logout|me|sessions|password)/u],
  ["Stores and sockets", /^\/(stores|ws)/u],
  ["Sync without a socket", /^\/sync\//u],
  ["Administration", /^\/(admin|metrics)/u],
  ["About the relay", /^\//u],
];

const callers = (security = []) =>
  security.length === 0
    ? "anybody"
    : security
        .flatMap((one) => Object.keys(one))
        .map((name) => ({ session: "a logged-in user", operator: "the operator" })[name] ?? name)
        .join(" or ");

/** A schema in a few words. */
function words(schema = {}) {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(", ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(words).join(" or ");
  if (schema.type === "array") return `list of ${words(schema.items)}`;
  if (schema.type === "object") {
    const names = Object.keys(schema.properties ?? {});
    return names.length === 0 ? "object" : `{${names.join(", ")}}`;
  }
  return [schema.type ?? "anything", ...limits(schema)].join(", ");
}

function limits({ minLength, maxLength, minimum, maximum, pattern }) {
  const range = (low, high, unit) =>
    low === undefined && high === undefined ? [] : [`${low ?? 0} to ${high ?? "any"}${unit}`];
  return [
    ...range(minLength, maxLength, " characters"),
    ...range(minimum, maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum, ""),
    ...(pattern === undefined ? [] : [`\`${pattern.replaceAll("|", "\\|")}\``]),
  ];
}

function fields(title, { properties = {}, required = [] }) {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const about = [words(schema), schema.description].filter(Boolean).join(". ");
    return `| \`${name}\`${required.includes(name) ? "" : "?"} | ${about} |`;
  });
  return rows.length === 0 ? [] : ["", `| ${title} | |`, "|---|---|", ...rows];
}

function parameters(list = []) {
  return list.length === 0
    ? []
    : fields("parameter", {
        properties: Object.fromEntries(list.map(({ name, schema }) => [name, schema])),
        required: list.filter((one) => one.required).map(({ name }) => name),
      });
}

const jsonOf = (content = {}) => content["application/json"]?.schema;

function operation(method, path, one) {
  const answers = Object.entries(one.responses);
  const good = answers.filter(([status]) => status < "400");
  const bad = answers.filter(([status]) => status >= "400");
  const codes = bad.map(([status, { description }]) => {
    const names = [...description.matchAll(/`(\w+)`:/gu)].map(([, name]) => `\`${name}\``);
    return `${status} ${names.join(" ")}`.trim();
  });
  return [
    `### ${method.toUpperCase()} ${path}`,
    "",
    `${one.summary}. For ${callers(one.security)}.`,
    ...parameters(one.parameters),
    ...fields("body", jsonOf(one.requestBody?.content) ?? {}),
    ...good.flatMap(([status, { description, content = {} }]) => {
      const shape = jsonOf(content);
      const types = Object.keys(content).filter((type) => type !== "application/json");
      return [
        "",
        `**${status}** ${description}${types.length === 0 ? "" : ` (${types.join(", ")})`}`,
        ...fields("answer", shape ?? {}),
      ];
    }),
    "",
    `Refused with ${codes.join("; ")}.`,
    "",
  ];
}

/** The page; `document` is OpenAPI 3.1. */
export function apiPage(document) {
  const rest = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ method, path, one })),
  );
  const parts = groups.flatMap(([title, pattern]) => {
    const own = rest.filter(({ path }) => pattern.test(path));
    for (const one of own) rest.splice(rest.indexOf(one), 1);
    return own.length === 0
      ? []
      : [
          `## ${title}`,
          "",
          ...own.flatMap(({ method, path, one }) => operation(method, path, one)),
        ];
  });
  return [
    "# The HTTP API",
    "",
    "Made by `tools/api-page/run` from the relay's own `/openapi.json`, which is generated from the schemas that validate.",
    "JSON in, JSON out; unknown fields are refused. Errors are problem details (RFC 9457): act on `code`, show `title`, and",
    "wait `Retry-After` seconds where it is given. Tokens go into `Authorization: Bearer`, never into a URL. `?` marks what may",
    "be left out. The socket is in [PROTOCOL.md](../protocol/PROTOCOL.md).",
    "",
    ...parts,
  ].join("\n");
}
