/**
 * Bringing an environment up and taking it down: the order of the steps and what each finds. Uses
 * every room but command.
 */
@NullMarked
package dev.gitblobs.ops.provision;

import org.jspecify.annotations.NullMarked;
