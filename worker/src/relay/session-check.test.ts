import { describe, expect, it } from "vitest";
import type { SessionRow } from "../auth/session-table.ts";
import { closeCodeOf } from "./session-check.ts";

const row: SessionRow = {
  id: "ses_x",
  user_id: "usr_x",
  device: "laptop",
  token_hash: "t",
  previous_token_hash: null,
  sealed_successor: null,
  rotated_at: null,
  idle_expires_at: 2_000,
  expires_at: 3_000,
  revoked_at: null,
  username: "ada",
  role: "user",
  session_version: 1,
  disabled_at: null,
  password_expires_at: null,
  user_created_at: 0,
};

describe("the sockets of a session", () => {
  it("stay while it lives", () => {
    expect(closeCodeOf(row, 1_999)).toBeUndefined();
  });

  it("have to log in again when it is over", () => {
    expect(closeCodeOf(row, 2_000)).toBe(4401);
    expect(closeCodeOf({ ...row, revoked_at: 1 }, 1_000)).toBe(4401);
  });

  it("are closed for good when the user is disabled or gone", () => {
    expect(closeCodeOf({ ...row, disabled_at: 1 }, 1_000)).toBe(4403);
    expect(closeCodeOf(undefined, 1_000)).toBe(4403);
    expect(closeCodeOf(null, 1_000)).toBe(4403);
  });
});
