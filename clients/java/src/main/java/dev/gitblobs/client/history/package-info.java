/**
 * What commits make of objects: walks over all parents, merge bases, three-way merge, missing sets,
 * imports (FORMAT.md 5 and 9.6). Uses store and pack; sync and the repository use it.
 */
@NullMarked
package dev.gitblobs.client.history;

import org.jspecify.annotations.NullMarked;
