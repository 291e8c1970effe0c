/**
 * Rules for migration files: what breaks a running version of the relay, what D1 refuses. Uses
 * migrate.sql, migrate.file and environment.
 */
@NullMarked
package dev.gitblobs.ops.migrate.lint;

import org.jspecify.annotations.NullMarked;
