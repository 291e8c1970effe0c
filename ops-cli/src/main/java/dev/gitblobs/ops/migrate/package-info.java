/**
 * Migrations against a database: its ledger, what is pending, applying them so that a run that dies
 * anywhere leaves whole migrations. Uses cloudflare, environment and the rooms inside it.
 */
@NullMarked
package dev.gitblobs.ops.migrate;

import org.jspecify.annotations.NullMarked;
