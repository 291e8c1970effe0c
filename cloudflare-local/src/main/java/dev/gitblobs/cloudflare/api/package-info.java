/**
 * Cloudflare's REST API v4, one class per product. Each class registers its calls and answers them
 * from the account and the runtime. Uses {@code http}, {@code account} and {@code runtime}; only
 * {@code Server} uses it.
 */
@NullMarked
package dev.gitblobs.cloudflare.api;

import org.jspecify.annotations.NullMarked;
