/** What reaches the operator's eyes: steps with their times, colours, JSON. Uses no other room. */
@NullMarked
package dev.gitblobs.ops.terminal;

import org.jspecify.annotations.NullMarked;
