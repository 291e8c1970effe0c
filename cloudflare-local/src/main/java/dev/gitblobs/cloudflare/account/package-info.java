/**
 * What the account holds, on disk: identity and token, D1 databases, scripts with their versions
 * and deployments, zones and routes. Uses no other package; {@code api} and {@code Server} use it.
 */
@NullMarked
package dev.gitblobs.cloudflare.account;

import org.jspecify.annotations.NullMarked;
