/**
 * Where things are: the project's folders, an environment's state folder, its settings. Uses no
 * other room but terminal.
 */
@NullMarked
package dev.gitblobs.ops.environment;

import org.jspecify.annotations.NullMarked;
