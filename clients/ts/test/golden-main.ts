// Runs the golden checks in a process of its own, whose language its parent chose; prints the report.
import { checkGolden } from "./golden.ts";
import { readGolden } from "./golden-data.ts";

const golden = readGolden();
console.log(JSON.stringify(await checkGolden(golden)));
