package dev.gitblobs.infra;

import com.pulumi.core.Output;

/** A text that is never printed. */
final class Secret {
  private final String value;

  Secret(String value) {
    this.value = value;
  }

  /** The text, marked so that the engine encrypts it wherever it is kept. */
  Output<String> output() {
    return Output.ofSecret(value);
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
