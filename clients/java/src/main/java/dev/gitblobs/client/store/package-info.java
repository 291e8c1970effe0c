/**
 * Where objects are kept: the original clients' folder layout (FORMAT.md 3.1), written atomically,
 * read with verification. Uses object and json; pack, history and sync use it through {@link
 * dev.gitblobs.client.store.ObjectStore}.
 */
@NullMarked
package dev.gitblobs.client.store;

import org.jspecify.annotations.NullMarked;
