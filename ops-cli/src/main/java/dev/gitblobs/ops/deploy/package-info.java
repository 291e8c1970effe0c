/**
 * Deploying a new version: the plan, the order of the steps, and the way back. Uses every room but
 * command.
 */
@NullMarked
package dev.gitblobs.ops.deploy;

import org.jspecify.annotations.NullMarked;
