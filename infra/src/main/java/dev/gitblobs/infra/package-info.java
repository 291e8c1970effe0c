/**
 * The Pulumi program that provisions the relay: one program for every stack.
 *
 * <p>{@link dev.gitblobs.infra.StackSettings} reads and checks the whole configuration, {@link
 * dev.gitblobs.infra.RelayStack} builds the parts, each a component of its own. It uses the Pulumi
 * SDK, {@code dev.gitblobs.infra.cloudflare}, and two plain files: {@code worker/bindings.json} and
 * the built bundle {@code worker/dist/worker.mjs}. No other module may use it.
 */
@NullMarked
package dev.gitblobs.infra;

import org.jspecify.annotations.NullMarked;
