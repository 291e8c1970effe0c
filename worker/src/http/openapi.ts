import { fields } from "@gitblobs/protocol";
import { toJsonSchema, type JsonSchema } from "@valibot/to-json-schema";
import { problems, statusOf, type ProblemCode } from "./problem.ts";
import { publicRoute, type Route, type Schema, type Success } from "./route.ts";

type Json = Readonly<Record<string, unknown>>;

/** What any request may meet. */
const everywhere: readonly ProblemCode[] = [
  "invalid_query",
  "https_required",
  "origin_refused",
  "too_many_requests",
  "internal",
  "database_unavailable",
];

const problemSchema: Json = {
  type: "object",
  description: "Problem details (RFC 9457). Clients act on `code`.",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", enum: Object.keys(problems) },
    detail: { type: "string" },
    request_id: { type: "string" },
    retry_after_seconds: { type: "integer" },
    errors: {
      type: "array",
      items: {
        type: "object",
        properties: { path: { type: "string" }, message: { type: "string" } },
        required: ["path", "message"],
      },
    },
  },
  required: ["type", "title", "status", "code", "request_id"],
};

/** `GET /openapi.json`, generated from the very table and schemas that serve and validate. */
export function openApiRoute(routes: () => readonly Route[], version: string): Route {
  let document: Json | undefined;
  return publicRoute(
    {
      method: "GET",
      path: "/openapi.json",
      summary: "This description",
      withoutConfiguration: true,
      input: {},
      success: { status: 200, description: "OpenAPI 3.1", mediaTypes: ["application/json"] },
    },
    () => {
      document ??= describeApi(routes(), version);
      return Promise.resolve({ status: 200, body: document });
    },
  );
}

/** The OpenAPI document of a route table. */
export function describeApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/gu, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "GitBlobs Relay", version, license: { name: "MIT", identifier: "MIT" } },
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        session: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        operator: { type: "http", scheme: "bearer", description: "ADMIN_TOKEN" },
      },
    },
  };
}

const securityOf = {
  public: [],
  session: [{ session: [] }],
  admin: [{ session: [] }, { operator: [] }],
} as const;

function describeRoute(route: Route): Json {
  const { params, query } = route.input;
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replace(/\W+(\w?)/gu, (_, letter: string) => letter.toUpperCase())}`,
    summary: route.summary,
    security: securityOf[route.access],
    parameters: [
      ...parametersOf("path", params),
      ...parametersOf("query", query),
      ...headersOf(route),
    ],
    ...requestBodyOf(route),
    responses: {
      ...describeProblems(problemsOf(route)),
      ...(route.otherwise === undefined ? {} : describeSuccess(route.otherwise)),
      ...describeSuccess(route.success),
    },
  };
}

function requestBodyOf({ bodyType, input: { body } }: Route): Json {
  const content = {
    ...(bodyType === undefined
      ? {}
      : { [bodyType]: { schema: { type: "string", format: "binary" } } }),
    ...(body === undefined ? {} : { "application/json": { schema: jsonSchemaOf(body) } }),
  };
  return Object.keys(content).length === 0 ? {} : { requestBody: { required: true, content } };
}

/** A party as tools can read it where it stands: schemathesis takes a tuple inside of a property `items` for no schema. */
const partySchema: JsonSchema = {
  type: "array",
  items: { type: "string" },
  minItems: 2,
  maxItems: 2,
};

/**
 * What JSON Schema has no word for (`check`: a length in bytes) is left out; the relay refuses it all the same. Variants
 * exclude each other by what tells them apart, so `anyOf` says as much as `oneOf`, and docs/api.md can list it.
 */
function jsonSchemaOf(schema: Schema): JsonSchema {
  return toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode: "input",
    ignoreActions: ["check"],
    overrideSchema: ({ valibotSchema, jsonSchema: { oneOf, ...rest } }) => {
      if (valibotSchema === fields.party) return partySchema;
      return oneOf === undefined ? undefined : { ...rest, anyOf: oneOf };
    },
  });
}

function parametersOf(place: "path" | "query", schema: Schema | undefined): readonly Json[] {
  if (schema === undefined) {
    return [];
  }
  const { properties = {}, required = [] } = jsonSchemaOf(schema);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }));
}

function headersOf({ headers = {} }: Route): readonly Json[] {
  return Object.entries(headers).map(([name, { says, schema }]) => ({
    name,
    in: "header",
    required: false,
    description: says,
    schema: jsonSchemaOf(schema),
  }));
}

function problemsOf(route: Route): readonly ProblemCode[] {
  const { params, body } = route.input;
  return [
    ...everywhere,
    ...(route.withoutConfiguration === true ? [] : (["misconfigured"] as const)),
    ...(route.access === "public"
      ? []
      : (["not_authenticated", "session_ended", "password_change_required"] as const)),
    ...(route.access === "admin" ? (["forbidden"] as const) : []),
    ...(params === undefined ? [] : (["not_found"] as const)),
    ...(body === undefined
      ? []
      : ([
          "invalid_json",
          "invalid_body",
          "body_too_slow",
          "body_too_large",
          "unsupported_media_type",
        ] as const)),
    ...(route.problems ?? []),
  ];
}

function describeProblems(codes: readonly ProblemCode[]): Json {
  const byStatus = Map.groupBy(new Set(codes), statusOf);
  const content = {
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
  };
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      String(status),
      { description: of.map((code) => `\`${code}\`: ${problems[code][1]}`).join(". "), content },
    ]),
  );
}

function describeSuccess({ status, description, schema, mediaTypes }: Success): Json {
  if (schema === undefined && mediaTypes === undefined) {
    return { [status]: { description } };
  }
  const shape = schema === undefined ? {} : { schema: jsonSchemaOf(schema) };
  const types = mediaTypes ?? ["application/json"];
  const content = Object.fromEntries(types.map((type) => [type, shape]));
  return { [status]: { description, content } };
}
