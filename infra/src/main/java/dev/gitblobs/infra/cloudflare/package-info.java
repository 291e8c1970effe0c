/**
 * The Cloudflare resources that the relay uses, as thin typed classes over the type tokens and
 * property names of the Pulumi Cloudflare provider 6.17.0.
 *
 * <p>Nothing is decided here: a class says which properties exist and what they are called, {@code
 * dev.gitblobs.infra} decides their values. Fields marked {@code Import} are read by the SDK alone.
 * The package may use the Pulumi SDK alone.
 */
@NullMarked
package dev.gitblobs.infra.cloudflare;

import org.jspecify.annotations.NullMarked;
