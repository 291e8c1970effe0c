// Checks the shared vectors in a process of its own, whose runtime and language its parent chose; prints the report.
import { checkVectors } from "./check.ts";

console.log(JSON.stringify(await checkVectors()));
