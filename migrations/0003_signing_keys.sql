-- Keys that sign access tokens, each wrapped (AES-256-GCM) by the secret JWT_SECRET.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY NOT NULL,
  wrapped_key TEXT NOT NULL,
  -- Fingerprint of the wrapping secret, to tell which keys a rewrap still has to touch.
  wrapped_by TEXT NOT NULL,
  sign_from INTEGER NOT NULL,
  -- NULL while the key is not retired; afterwards no token signed by it is accepted from this time on.
  verify_until INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
