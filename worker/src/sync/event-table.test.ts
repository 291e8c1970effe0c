import { describe, expect, it } from "vitest";
import type { Party } from "@gitblobs/protocol";
import { toItem, type EventRow } from "./event-table.ts";

const row: EventRow = {
  seq: 4,
  kind: "push",
  at: 1_000,
  by_id: "u",
  device: "laptop",
  mid: "m",
  ref: "main",
  old: null,
  new: "f".repeat(64),
  objects: 2,
  bytes: 9,
  note: null,
  recipient_id: null,
  recipient: null,
  body: null,
};
const message = { ...row, kind: "message", body: "74657874" } as const;
const text = "dGV4dA==";
const phone: Party = ["u", "phone"];

describe("an event as a device sees it", () => {
  it("tells of a push what moved and how much came with it", () => {
    const { seq, at, device, mid, ref, old, objects, bytes } = row;
    const item = {
      kind: "push",
      seq,
      at,
      by: "u",
      device,
      mid,
      ref,
      old,
      new: row.new,
      objects,
      bytes,
    };
    expect(toItem(row, phone)).toEqual(item);
    expect(toItem({ ...row, ref: null, objects: null, bytes: null }, phone)).toEqual({
      ...item,
      ref: "",
      objects: 0,
      bytes: 0,
    });
  });

  it("tells everybody the body of a message to everybody", () => {
    const { seq, at, device, mid } = row;
    const item = { kind: "message", seq, at, by: "u", device, mid, body: text };
    expect(toItem(message, phone)).toEqual(item);
  });

  it("tells the body of a message to one device that one alone, and the others that there was one", () => {
    const addressed = { ...message, recipient_id: "u", recipient: "phone" };
    expect(toItem(addressed, phone)).toMatchObject({ to: phone, body: text });
    for (const reader of [
      ["u", "tablet"],
      ["v", "phone"],
    ] as const) {
      expect(toItem(addressed, [...reader])).toMatchObject({ to: phone });
      expect(toItem(addressed, [...reader])).not.toHaveProperty("body");
    }
  });

  it("has no body once that has expired", () => {
    expect(toItem({ ...message, body: null }, phone)).not.toHaveProperty("body");
  });
});
