/** Migration files: reading them, writing a new one. Uses migrate.sql and environment. */
@NullMarked
package dev.gitblobs.ops.migrate.file;

import org.jspecify.annotations.NullMarked;
