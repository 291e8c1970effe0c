/**
 * The four objects, their hashes and the canonical text that is hashed (FORMAT.md 1 and 2). Uses
 * json; every package above may use it.
 */
@NullMarked
package dev.gitblobs.client.object;

import org.jspecify.annotations.NullMarked;
