import type { HttpRequest } from "@gitblobs/client";
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
  const { code, message } = answer.problem;
  // The page came from the relay: an answer that does not fit it may be of a newer one.
  const help = code === "foreign_answer" ? " Reload to get the version that fits." : "";
  throw new Error(`${message}${help}`);
}
