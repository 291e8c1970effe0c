/** The local Cloudflare as a background process: start, find, stop. Uses environment. */
@NullMarked
package dev.gitblobs.ops.local;

import org.jspecify.annotations.NullMarked;
