/**
 * Networks as they are: proxies that the environment names, authorities of the user's own, and why
 * nobody answered. Uses nothing of this library but its exception; {@code sync} and programs use
 * it.
 */
@NullMarked
package dev.gitblobs.client.network;

import org.jspecify.annotations.NullMarked;
