import { makeStore } from "@gitblobs/client";
import { login } from "../account/account.ts";

/**
 * Makes a store of that name at the relay, or finds the one that is there. Where nobody answers, the copy here goes first, and
 * the user is asked once the relay is back.
 *
 * @throws Error when the relay refuses; the message is for people
 */
export async function provideStore(name: string): Promise<void> {
  const answer = await makeStore(login, name);
  if (!answer.ok && answer.problem.status !== 0) throw new Error(answer.problem.message);
}
