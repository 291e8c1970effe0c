/**
 * cloudflare-local: Cloudflare on this machine. {@code Main} reads the command line, {@code Server}
 * puts the parts together; both may use every package of this module, and none uses them.
 */
@NullMarked
package dev.gitblobs.cloudflare;

import org.jspecify.annotations.NullMarked;
