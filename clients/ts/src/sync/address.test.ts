import { describe, expect, it } from "vitest";
import { checkedAddress } from "./address.ts";

describe("a relay's address", () => {
  it.each([
    ["https://relay.example.org", "https://relay.example.org"],
    ["https://Relay.Example.ORG:8443/", "https://relay.example.org:8443"],
    ["http://localhost:8787", "http://localhost:8787"],
    ["http://127.0.0.1:8787/", "http://127.0.0.1:8787"],
    ["http://[::1]:8787", "http://[::1]:8787"],
    ["http://relay.localhost", "http://relay.localhost"],
  ])("is taken as host and port: %s", (text, kept) => {
    expect(checkedAddress(text)).toBe(kept);
  });

  it.each([
    ["https://example.org/relay", "not behind a path (/relay)"],
    ["http://relay.example.org", "this machine alone"],
    ["http://evil-localhost", "this machine alone"],
    ["http://127.0.0.1.example.org", "this machine alone"],
    ["https://ada:secret@relay.example.org", "no more"],
    ["https://relay.example.org?x=1", "no more"],
    ["https://relay.example.org#x", "no more"],
    ["relay.example.org", "must be https"],
    ["ftp://localhost", "must be https"],
    ["", "must be https"],
  ])("is refused with a sentence: %s", (text, words) => {
    expect(() => checkedAddress(text)).toThrow(words);
  });
});
