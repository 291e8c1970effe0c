// Runs one of the packed program's functions in a process of its own; prints what comes of it.
import * as program from "./packed-program.ts";

const [, , name = "", task = "null"] = process.argv;
const result =
  name === "alone"
    ? await program.alone()
    : await program.shareOneFile(JSON.parse(task) as program.Task);
console.log(JSON.stringify(result));
