/**
 * A client of Cloudflare's REST API v4, one class per product. Shares nothing with the local
 * Cloudflare, else both could be wrong together.
 */
@NullMarked
package dev.gitblobs.ops.cloudflare;

import org.jspecify.annotations.NullMarked;
