/**
 * GitBlobsDB for Java programs. Start at {@link dev.gitblobs.client.Repository}; the packages below
 * hold its parts, from the bottom up: json, object, store, pack, history, sync. Each uses only
 * those before it and this package's exception. Beside sync is folder, which uses the repository.
 */
@NullMarked
package dev.gitblobs.client;

import org.jspecify.annotations.NullMarked;
