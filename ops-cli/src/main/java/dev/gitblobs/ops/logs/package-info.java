/** A Worker's logs as they happen. Uses cloudflare and environment; used by command. */
@NullMarked
package dev.gitblobs.ops.logs;

import org.jspecify.annotations.NullMarked;
