/** A store's name, as the relay takes it; a pattern for forms. */
export const STORE_NAME = "[a-z0-9][a-z0-9._\\-]{0,63}";

/** Whether a store can have this name; an address may hold any. */
export const isStoreName = (name: string): boolean => new RegExp(`^${STORE_NAME}$`, "u").test(name);
