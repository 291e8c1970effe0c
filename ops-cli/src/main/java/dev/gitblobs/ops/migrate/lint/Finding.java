package dev.gitblobs.ops.migrate.lint;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.migrate.file.Migration;

/**
 * One thing the lint found.
 *
 * @param rule which rule says so
 * @param migration in which file
 * @param line on which line of it, from 1
 * @param what what is there, as a short phrase
 */
public record Finding(
    @JsonIgnore Rule rule, @JsonIgnore Migration migration, int line, @JsonIgnore String what) {
  /** The rule's stable name. */
  @JsonProperty("rule")
  public String ruleId() {
    return rule.id();
  }

  /** The file's name. */
  @JsonProperty("file")
  public String file() {
    return migration.name();
  }

  /** {@code error} or {@code warning}. */
  @JsonProperty("severity")
  public String severity() {
    return isError() ? "error" : "warning";
  }

  /** What is there and why that matters. */
  @JsonProperty("message")
  public String message() {
    return what + ". " + rule.why();
  }

  /** Whether the migration may not run like this. */
  @JsonIgnore
  public boolean isError() {
    return rule.kind() != Rule.Kind.REMARK;
  }

  /** {@code 0007_x.sql:12 drop-table: ...}, for messages. */
  public String text() {
    return file() + ":" + line + " " + rule.id() + ": " + message();
  }
}
