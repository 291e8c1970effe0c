import { findUser, type UserRow } from "../auth/user-table.ts";
import { RelayError } from "../http/problem.ts";
import type { Call } from "../http/route.ts";

/**
 * The user with that id.
 *
 * @throws RelayError `not_found`
 */
export async function requireUser(call: Call, id: string): Promise<UserRow> {
  const user = await findUser(call.env.DB, id);
  if (user === null) {
    throw new RelayError("not_found");
  }
  return user;
}
