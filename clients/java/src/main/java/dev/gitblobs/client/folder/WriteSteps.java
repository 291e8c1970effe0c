package dev.gitblobs.client.folder;

import java.io.IOException;

/** Told before each step by which a folder and its index change; tests make each fail in turn. */
@FunctionalInterface
interface WriteSteps {
  /** Throws when the step cannot be made. */
  void before() throws IOException;

  /** All steps can be made. */
  WriteSteps FREE = () -> {};
}
