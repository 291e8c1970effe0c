import * as v from "valibot";

const count = v.number();

export const userSchema = v.object({
  id: v.string(),
  username: v.string(),
  role: v.picklist(["user", "admin"]),
  disabled: v.boolean(),
  password_must_change: v.boolean(),
  created_at: v.number(),
});
export type AdminUser = v.InferOutput<typeof userSchema>;

export const usersSchema = v.object({ users: v.array(userSchema), next: v.optional(v.string()) });

export const oneTimePasswordSchema = v.object({ user: userSchema, one_time_password: v.string() });

export const keysSchema = v.object({
  state: v.string(),
  keys: v.array(
    v.object({
      kid: v.string(),
      use: v.string(),
      sign_from: v.number(),
      verify_until: v.optional(v.number()),
    }),
  ),
});

export const rotationSchema = v.object({ kid: v.string(), sign_from: v.number() });

export const cleanupSchema = v.object({
  dry_run: v.boolean(),
  expired: v.record(v.string(), count),
  more: v.boolean(),
});

/** How much of everything there is; a newer relay may count more. */
export const statsSchema = v.record(v.string(), count);

export const auditSchema = v.object({
  entries: v.array(
    v.object({
      id: count,
      at: count,
      actor: v.string(),
      action: v.string(),
      target: v.optional(v.string()),
    }),
  ),
  next: v.optional(v.string()),
});
