export { fileMemory } from "./file-memory.ts";
export { fileVault } from "./file-vault.ts";
