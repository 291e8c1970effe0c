/**
 * A relay's address, as scheme, host and port.
 *
 * @throws TypeError when it is none, or a password would travel in the clear
 */
export function checkedAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["https:", "http:"].includes(url.protocol))
    throw new TypeError("Not a relay's address: it must be https://HOST.");
  const { protocol, hostname, origin, pathname, username, password, search, hash } = url;
  if (pathname !== "/")
    throw new TypeError(
      `Not a relay's address: a relay is reached at the root of a host of its own, and not behind a path (${pathname}).`,
    );
  if (`${username}${password}${search}${hash}` !== "")
    throw new TypeError("Not a relay's address: it must be https://HOST, and no more.");
  if (protocol === "http:" && !isThisMachine(hostname))
    throw new TypeError("Not a relay's address: http:// is for this machine alone; say https://.");
  return origin;
}

/** Pages of such hosts are secure contexts in browsers too. */
const isThisMachine = (hostname: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\]|.+\.localhost)$/u.test(hostname);
