/**
 * Looks for what keeps an environment from working. Uses every room but command; used by command.
 */
@NullMarked
package dev.gitblobs.ops.doctor;

import org.jspecify.annotations.NullMarked;
