/**
 * Packs: one BSON document of objects (FORMAT.md 4), written byte for byte as the original clients
 * write them, read with every object verified. Uses object and store; history and the repository
 * use it.
 */
@NullMarked
package dev.gitblobs.client.pack;

import org.jspecify.annotations.NullMarked;
