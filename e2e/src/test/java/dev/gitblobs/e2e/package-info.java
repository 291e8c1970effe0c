/**
 * Journeys over the whole product, through its launchers and its network doors. May use all
 * modules.
 */
@NullMarked
package dev.gitblobs.e2e;

import org.jspecify.annotations.NullMarked;
