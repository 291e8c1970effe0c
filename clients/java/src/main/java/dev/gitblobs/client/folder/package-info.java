/**
 * A folder of files beside a store, kept equal with its head: what changed in it, commits of that,
 * what arrives written into it. Start at {@link dev.gitblobs.client.folder.WorkingFolder}. Uses the
 * repository, history, store and object; programs use it.
 */
@NullMarked
package dev.gitblobs.client.folder;

import org.jspecify.annotations.NullMarked;
