/**
 * {@code gitblobs}, the users' command line: commands parse and print, the client library does the
 * work. Uses dev.gitblobs.client and picocli; nobody uses it.
 */
@NullMarked
package dev.gitblobs.cli;

import org.jspecify.annotations.NullMarked;
