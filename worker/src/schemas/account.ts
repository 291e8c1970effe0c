import * as v from "valibot";
import { time } from "./atoms.ts";

/** Id of a user. */
export const userId = v.pipe(v.string(), v.regex(/^usr_[\w-]{22}$/));
/** Id of a session. */
export const sessionId = v.pipe(v.string(), v.regex(/^ses_[\w-]{22}$/));
/** Role of a user. */
export const role = v.picklist(["user", "admin"]);

/** Name for a new user: lower case, so that it reads the same everywhere. */
export const newUsername = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be a-z, 0-9, '.', '_' or '-', at most 64"),
);
/** A password as somebody types it to log in; what it is compared with decides, not its form. */
const typedPassword = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));
/** Name that a device gives itself; its earlier session ends when it logs in again. */
const device = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,63}$/,
    "must be letters, digits, ' ', '._()-', at most 64",
  ),
);
const token = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** Body of `POST /login`. */
export const loginBody = v.strictObject({
  username: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  password: typedPassword,
  device,
});
/** Body of `POST /refresh`. */
export const refreshBody = v.strictObject({ refresh_token: token });
/** Body of `POST /logout`. */
export const logoutBody = v.strictObject({
  all: v.optional(v.pipe(v.boolean(), v.description("End all sessions of the user"))),
});
/** Body of `PUT /password`. */
export const passwordBody = v.strictObject({
  current_password: typedPassword,
  new_password: typedPassword,
});
/** A user, as anybody allowed to see it sees it: no hash, no version. */
export const userView = v.object({
  id: userId,
  username: v.string(),
  role,
  disabled: v.boolean(),
  password_must_change: v.boolean(),
  created_at: time,
});
/** Answer of `POST /login` and `POST /refresh`. */
export const grantView = v.object({
  access_token: v.string(),
  token_type: v.literal("Bearer"),
  expires_in: v.pipe(
    v.number(),
    v.integer(),
    v.description("Seconds until the access token expires"),
  ),
  refresh_token: v.string(),
  user: userView,
});
/** Answer of `GET /me`. */
export const meView = v.object({
  user: userView,
  session: v.object({ id: sessionId, device: v.string(), expires_at: time }),
});
/** A session in a list. */
export const sessionView = v.object({
  id: sessionId,
  device: v.string(),
  ip_prefix: v.string(),
  created_at: time,
  last_seen_at: time,
  expires_at: time,
  current: v.boolean(),
});
/** Answer of `GET /sessions`. */
export const sessionList = v.object({ sessions: v.array(sessionView) });
/** Answer of `POST /ws/ticket`. */
export const ticketView = v.object({
  ticket: v.string(),
  expires_in: v.pipe(v.number(), v.integer(), v.description("Seconds")),
});

/** Path of one of the user's own sessions. */
export const sessionParams = v.strictObject({ id: sessionId });
