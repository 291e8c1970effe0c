/** The settings file of a Worker, as wrangler reads it. Uses environment. */
@NullMarked
package dev.gitblobs.ops.wrangler;

import org.jspecify.annotations.NullMarked;
