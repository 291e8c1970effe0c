/**
 * JSON as the original clients see it: JavaScript property order, ECMAScript numbers, strings that
 * may hold lone surrogates. Uses nothing of this library but its exception; every other package may
 * use it.
 */
@NullMarked
package dev.gitblobs.client.json;

import org.jspecify.annotations.NullMarked;
