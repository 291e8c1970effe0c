/**
 * The Pulumi engine: getting it, the stack's workspace, up, preview, destroy. Uses environment,
 * local and terminal.
 */
@NullMarked
package dev.gitblobs.ops.stack;

import org.jspecify.annotations.NullMarked;
