package dev.gitblobs.ops.migrate.lint;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gitblobs.ops.migrate.file.Migration;
import java.util.List;

/**
 * One thing the lint found.
 *
 * @param rule which rule says so
 * @param migration in which file
 * @param line on which line of it, from 1
 * @param what what is there, as a short phrase
 * @param remedy SQL that does it safely, line by line; empty where the message says enough
 */
public record Finding(
    @JsonIgnore Rule rule,
    @JsonIgnore Migration migration,
    int line,
    @JsonIgnore String what,
    List<String> remedy) {
  /** Copies the remedy. */
  public Finding {
    remedy = List.copyOf(remedy);
  }

  /** A finding that its rule tells all about. */
  public Finding(Rule rule, Migration migration, int line, String what) {
    this(rule, migration, line, what, List.of());
  }

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

  /** {@code 0007_x.sql:12 drop-table: ...}, for messages; the remedy below it. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(file()).append(':').append(line).append(' ').append(ruleId()).append(": ");
    text.append(message());
    remedy.forEach(one -> text.append("\n        ").append(one));
    return text.toString();
  }
}
