/**
 * What migrations do to rows that are there: they are tried on an in-memory SQLite set up like D1,
 * filled with sample rows, and compared before and after. Uses migrate.sql and migrate.file.
 */
@NullMarked
package dev.gitblobs.ops.migrate.trial;

import org.jspecify.annotations.NullMarked;
