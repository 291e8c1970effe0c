import type { HttpRequest } from "@gitblobs/protocol/client";
import { login } from "./account.ts";

/**
 * Asks the relay as the user who is logged in.
 *
 * @throws Error whose message is for the user
 */
export async function expectAnswer<T = undefined>(
  request: Omit<HttpRequest<T>, "token">,
): Promise<T> {
  const answer = await login.request(request);
  if (answer.ok) return answer.value;
  throw new Error(answer.problem.message);
}
