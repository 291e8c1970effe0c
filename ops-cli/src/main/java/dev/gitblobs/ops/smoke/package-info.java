/**
 * Tries a relay out as two devices of a user would. Speaks the protocol with a client of its own,
 * as small as the purpose needs. Uses relay, environment and terminal; used by deploy and command.
 */
@NullMarked
package dev.gitblobs.ops.smoke;

import org.jspecify.annotations.NullMarked;
