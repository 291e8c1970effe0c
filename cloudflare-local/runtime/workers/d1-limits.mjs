/* global scheduler, TextDecoder */
import { WorkerEntrypoint } from "cloudflare:workers";

/**
 * Stands before every D1 database and refuses what production refuses, in its words. Bound: DATABASES (Miniflare's
 * door to them) and LIMITS {enforced, resultBytes, statementBytes, parameters, valueBytes, databaseBytes,
 * latencyMillis, statementMillis}. The number of queries of an invocation is counted where the invocation is
 * (`invocations.mjs`).
 */
const commitToken = "x-cf-d1-session-commit-token";
const encoder = new TextEncoder();
const tailBytes = 4096;
/** How large each database was last, which are full, and when its one thread has done what was asked. */
const sizes = new Map();
const full = new Set();
const freeAt = new Map();

export default class extends WorkerEntrypoint {
  /** The protocol of bindings over HTTP; cloudflare-local itself names the database in a header. */
  async fetch(request) {
    const database = this.ctx.props?.database ?? request.headers.get("MF-Namespace");
    const { search } = new URL(request.url);
    return this.#answer(database, await request.text(), search, request.headers.get(commitToken));
  }

  /** The protocol of bindings over RPC: raw rows; a failure is thrown. */
  async query({ queries, bookmark }) {
    const search = "?resultsFormat=ROWS_AND_COLUMNS";
    const { database } = this.ctx.props;
    const answer = await this.#answer(database, JSON.stringify(queries), search, bookmark);
    const body = await answer.json();
    if (!Array.isArray(body)) throw Object.assign(new Error(body.error), { name: "D1_ERROR" });
    const results = body.map(({ meta, results: rows }) => ({
      meta,
      data: { kind: "raw", ...rows },
    }));
    const token = answer.headers.get(commitToken);
    return token === null ? { results } : { results, bookmark: token };
  }

  async #answer(database, body, search, token) {
    const { LIMITS: limits } = this.env;
    const queries = [JSON.parse(body)].flat();
    await takeTime(database, queries.length, limits);
    const refusal = limits.enforced ? refused(queries, limits) : undefined;
    if (refusal !== undefined) return failure(refusal);
    const headers = { "MF-Namespace": database, "content-type": "application/json" };
    if (token) headers[commitToken] = token;
    const send = (text) =>
      this.env.DATABASES.fetch(`http://d1/query${search}`, { method: "POST", headers, body: text });
    if (!limits.enforced) return send(body);
    return within(limits, await this.#send(database, queries, body, send));
  }

  /** From the transaction after the one that filled it, a database takes only what makes room. */
  async #send(database, queries, body, send) {
    if (isExport(queries)) return send(body);
    if (full.has(database) && queries.some(({ sql }) => grows.test(sql)))
      return failure("Exceeded maximum DB size");
    const answer = await send(body);
    const bytes = await answer.arrayBuffer();
    noteSize(database, bytes, this.env.LIMITS.databaseBytes);
    if (queries.some(({ sql }) => makesRoom.test(sql))) full.delete(database);
    return new Response(bytes, answer);
  }
}

const grows = /^\s*(with\b[^]*\binsert|insert|replace|update|create|alter)\b/i;
const makesRoom = /\b(delete|drop)\b/i;

const failure = (error) => Response.json({ success: false, error });

const isExport = ([{ sql }]) => sql.startsWith("PRAGMA miniflare_d1_export");

function noteSize(database, bytes, limit) {
  const tail = new TextDecoder().decode(bytes.slice(Math.max(0, bytes.byteLength - tailBytes)));
  const told = [...tail.matchAll(/"size_after":(\d+)/g)].at(-1);
  if (told === undefined) return;
  const size = Number(told[1]);
  if (size >= limit && size > (sizes.get(database) ?? 0)) full.add(database);
  sizes.set(database, size);
}

/** A call's latency, and its turn on the database's one thread. */
async function takeTime(database, statements, { latencyMillis, statementMillis }) {
  const now = Date.now();
  const start = Math.max(now, freeAt.get(database) ?? 0);
  freeAt.set(database, start + statements * statementMillis);
  const wait = latencyMillis + start - now + statements * statementMillis;
  if (wait > 0) await scheduler.wait(wait);
}

function refused(queries, limits) {
  for (const { sql, params } of queries) {
    if (longer(sql, limits.statementBytes)) return "statement too long: SQLITE_TOOBIG";
    if ((params?.length ?? 0) > limits.parameters) return "too many SQL variables: SQLITE_ERROR";
    const lengths = (params ?? []).map((param) => lengthOf(param, limits.valueBytes));
    // What a row of several values comes to is known here only where one row is inserted.
    const row = isOneRow(sql) ? lengths.reduce((sum, length) => sum + length, 0) : 0;
    if (Math.max(row, ...lengths) > limits.valueBytes)
      return "string or blob too big: SQLITE_TOOBIG";
  }
  return undefined;
}

const isOneRow = (sql) => /^\s*(insert|replace)\b/i.test(sql) && !/\)\s*,\s*\(/.test(sql);

function longer(text, bytes) {
  return text.length > bytes || (text.length * 3 > bytes && encoder.encode(text).length > bytes);
}

function lengthOf(param, enough) {
  if (Array.isArray(param)) return param.length;
  if (typeof param !== "string") return 8;
  return longer(param, enough) ? enough + 1 : param.length;
}

async function within({ resultBytes, valueBytes }, answer) {
  const bytes = await answer.arrayBuffer();
  if (bytes.byteLength > resultBytes) return failure("Exceeded maximum result size");
  if (bytes.byteLength > valueBytes) {
    const body = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(body) && body.some(({ results }) => holdsLarge(results, valueBytes)))
      return failure("string or blob too big: SQLITE_TOOBIG");
  }
  return new Response(bytes, answer);
}

function holdsLarge(results, valueBytes) {
  const rows = Array.isArray(results) ? results.map(Object.values) : (results?.rows ?? []);
  return rows.some((row) => row.some((value) => lengthOf(value, valueBytes) > valueBytes));
}
