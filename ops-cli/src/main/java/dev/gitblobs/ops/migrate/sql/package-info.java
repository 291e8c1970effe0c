/** SQLite text: tokens, statements and what a statement changes. Uses no other room. */
@NullMarked
package dev.gitblobs.ops.migrate.sql;

import org.jspecify.annotations.NullMarked;
