/**
 * The Java side of the Node program that holds Miniflare: starts and heals it, hands it what to
 * run, asks it for D1 queries. Knows processes and Miniflare's options, nothing of the API or of
 * how the account is kept; {@code api} and {@code Server} use it.
 */
@NullMarked
package dev.gitblobs.cloudflare.runtime;

import org.jspecify.annotations.NullMarked;
