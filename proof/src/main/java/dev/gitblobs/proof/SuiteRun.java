package dev.gitblobs.proof;

import java.time.Duration;

/**
 * What came of one test class or test file.
 *
 * @param name a class's simple name, or a file's path as its runner tells it
 * @param tests how many ran or were left out
 * @param skipped how many of them were left out
 * @param time how long it took; the clock's, not the processor's
 */
record SuiteRun(String name, int tests, int skipped, Duration time) {}
