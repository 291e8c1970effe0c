/**
 * Splits scripts as SQLite does: by preparing one statement after the other, each of which says how much of the text
 * it is. Reads a JSON list of scripts from standard input, writes a JSON list of lists of statements.
 */
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";

const scripts = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(scripts.map(split)));

function split(script) {
  const database = new DatabaseSync(":memory:");
  const statements = [];
  // A statement of nothing follows, so that there is always something to prepare.
  let rest = `${script};SELECT 'end'`;
  while (rest !== "") {
    const statement = database.prepare(rest);
    const { sourceSQL } = statement;
    statement.all();
    statements.push(sourceSQL);
    rest = rest.slice(sourceSQL.length);
  }
  database.close();
  return statements;
}
