/** Where a request comes from, as far as the relay wants to know. */
export interface Network {
  /** What limits count by: the IPv4 address or the IPv6 /64. */
  readonly limitKey: string;
  /** What logs and sessions keep: IPv4 /24 or IPv6 /64. */
  readonly prefix: string;
}

/**
 * The caller's network. Only CF-Connecting-IP counts, which Cloudflare sets itself; anything a caller can forge
 * (X-Forwarded-For) is ignored. Without it (on a developer's machine) all callers share the network "local".
 */
export function networkOf(request: Request): Network {
  const address = request.headers.get("cf-connecting-ip") ?? "";
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/u.test(address)) {
    return { limitKey: address, prefix: `${address.split(".").slice(0, 3).join(".")}.0/24` };
  }
  if (/^[\da-f:.]{2,45}$/iu.test(address)) {
    const prefix = `${expandIpv6(address).slice(0, 4).join(":")}::/64`;
    return { limitKey: prefix, prefix };
  }
  return { limitKey: "local", prefix: "local" };
}

function expandIpv6(address: string): readonly string[] {
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return groups.map((group) => group.replace(/^0+(?=.)/u, ""));
}

/** Whether the host is this machine itself, the only one that may be reached without TLS. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}
