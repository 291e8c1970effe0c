import * as v from "valibot";

/**
 * This folder holds the shapes of everything that is sent to the relay and answered by it over HTTP, for routes and the
 * OpenAPI file. Patterns have no flags: JSON Schema knows none.
 */

/** A moment. */
export const time = v.pipe(v.number(), v.integer(), v.description("Milliseconds since 1970 (UTC)"));
/** How many there are of something. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Body of requests that have nothing to say. */
export const emptyBody = v.strictObject({});
