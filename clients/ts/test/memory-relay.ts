export { MemoryRelay } from "./memory-relay/relay.ts";
export { MemorySocket } from "./memory-relay/socket.ts";
