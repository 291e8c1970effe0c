/**
 * Exchange with a relay: login, the socket, catching up, pushing, living along (PROTOCOL.md). Uses
 * everything below and the protocol's records; nothing below uses it.
 */
@NullMarked
package dev.gitblobs.client.sync;

import org.jspecify.annotations.NullMarked;
