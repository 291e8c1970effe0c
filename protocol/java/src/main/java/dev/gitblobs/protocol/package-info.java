/**
 * The wire protocol gbr.v1 of PROTOCOL.md: operations, frames, limits and codes, and the codec
 * between them and bytes. Pure values: no sockets, no clock, no state.
 *
 * <p>May use Jackson and the JDK; no other module of the product. Used by the clients.
 */
@NullMarked
package dev.gitblobs.protocol;

import org.jspecify.annotations.NullMarked;
