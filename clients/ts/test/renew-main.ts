// A process that finds its login over; prints the access token it gets.
import { fileVault } from "../src/node/index.ts";
import { Login, realSurroundings } from "../src/sync/index.ts";

const [, , relayUrl = "", folder = ""] = process.argv;
const login = new Login(relayUrl, realSurroundings, fileVault(`${folder}/login.json`));
const token = await login.accessToken();
console.log(token.ok ? token.value : token.problem.message);
