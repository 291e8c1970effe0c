/**
 * A Pulumi resource provider for the Cloudflare resources of the relay, for machines that cannot
 * download the genuine plugin. It speaks Pulumi's gRPC and turns resources into calls of the REST
 * API v4 of whatever base URL it is configured with.
 *
 * <p>{@link dev.gitblobs.cloudflare.provider.ProviderServer} is the door. {@code ResourceTypes} is
 * the table of what exists, {@code JsonResource} does what all types have in common, {@code
 * ScriptResource} what is special about scripts. The package is a client of the API and uses no
 * other package of this module: else both could be wrong together.
 */
@NullMarked
package dev.gitblobs.cloudflare.provider;

import org.jspecify.annotations.NullMarked;
