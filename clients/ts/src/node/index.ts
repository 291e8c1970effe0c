export { fileHeadLog } from "./file-head-log.ts";
export { fileMemory } from "./file-memory.ts";
export { fileVault } from "./file-vault.ts";
