/** The one JSON mapper of this module. Uses no other room; every room may use it. */
@NullMarked
package dev.gitblobs.ops.json;

import org.jspecify.annotations.NullMarked;
