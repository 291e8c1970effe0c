declare const __RELAY_VERSION__: string | undefined;

/** `<package version>+<commit>` of the bundle; "development" where the sources run without being bundled. */
export const relayVersion =
  typeof __RELAY_VERSION__ === "string" ? __RELAY_VERSION__ : "development";
