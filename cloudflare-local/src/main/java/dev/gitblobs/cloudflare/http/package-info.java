/**
 * How the API speaks HTTP: server, routes by path pattern, tokens, Cloudflare's envelope and
 * errors, multipart bodies. Knows no product; {@code api} and {@code Server} use it.
 */
@NullMarked
package dev.gitblobs.cloudflare.http;

import org.jspecify.annotations.NullMarked;
