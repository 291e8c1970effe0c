import { composeRelay } from "./compose.ts";
import type { Env } from "./env.ts";
import { relayDoor } from "./relay/door.ts";
import { realWorld } from "./world.ts";

export { StoreHub } from "./relay/store-hub.ts";

const relay = composeRelay(realWorld, relayDoor);

export default {
  fetch: (request, env, context) => relay.fetch(request, env, context),
  scheduled: (_, env) => relay.scheduled(env),
} satisfies ExportedHandler<Env>;
