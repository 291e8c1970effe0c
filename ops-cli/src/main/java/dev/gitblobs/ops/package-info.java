/** relayctl, the operators' command line: {@code Main} and the root command. Nobody imports it. */
@NullMarked
package dev.gitblobs.ops;

import org.jspecify.annotations.NullMarked;
