/**
 * A cloudflare-local for tests, of this module and of others: the real program in a process of its
 * own. Uses no class of this module, so that a test sees only what a client sees.
 */
@NullMarked
package dev.gitblobs.cloudflare.testing;

import org.jspecify.annotations.NullMarked;
