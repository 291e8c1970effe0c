/**
 * The commands: they parse, call the rooms below and print. May use every room; used by nobody but
 * {@code Main}.
 */
@NullMarked
package dev.gitblobs.ops.command;

import org.jspecify.annotations.NullMarked;
