/** A client of the relay's own HTTP endpoints. Uses no other room but environment. */
@NullMarked
package dev.gitblobs.ops.relay;

import org.jspecify.annotations.NullMarked;
