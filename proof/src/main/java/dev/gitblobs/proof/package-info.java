/**
 * What a run of the tests came to: how many ran, which took longest, which were left out. Reads the
 * reports that the test runners write and the names of the test files; uses no other module.
 */
@NullMarked
package dev.gitblobs.proof;

import org.jspecify.annotations.NullMarked;
