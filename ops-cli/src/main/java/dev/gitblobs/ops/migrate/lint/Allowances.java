package dev.gitblobs.ops.migrate.lint;

import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.migrate.sql.SqlToken;
import dev.gitblobs.ops.migrate.sql.SqlTokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The exceptions that a file grants itself: {@code -- lint:allow RULE reason=...} counts for the
 * line it is on and for the next line that has code.
 */
final class Allowances {
  private static final Pattern ALLOW =
      Pattern.compile("lint:allow\\s+(\\S+)(?:\\s+reason=\\s*(\\S.*))?");

  private record Allowance(Rule rule, int line, int nextCodeLine) {
    boolean covers(Finding finding) {
      return rule == finding.rule() && (finding.line() == line || finding.line() == nextCodeLine);
    }
  }

  private final Migration migration;
  private final List<Allowance> allowances = new ArrayList<>();
  private final List<Finding> complaints = new ArrayList<>();

  Allowances(Migration migration) {
    this.migration = migration;
    List<SqlToken> tokens = SqlTokens.of(migration.sql());
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).kind() == SqlToken.Kind.COMMENT) {
        read(tokens.get(i), nextCodeLine(tokens, i));
      }
    }
  }

  /** Whether the file allows itself anything that may hurt. */
  boolean hasRisky() {
    return allowances.stream().anyMatch(one -> one.rule().kind() == Rule.Kind.RISKY);
  }

  /** The findings that stay, with complaints about the allowances themselves. */
  List<Finding> apply(List<Finding> findings) {
    Set<Allowance> used = new HashSet<>();
    List<Finding> left = new ArrayList<>(complaints);
    for (Finding finding : findings) {
      Optional<Allowance> allowance =
          allowances.stream()
              .filter(candidate -> candidate.covers(finding))
              .findFirst()
              .filter(found -> finding.rule().kind() != Rule.Kind.REFUSED);
      allowance.ifPresentOrElse(used::add, () -> left.add(finding));
    }
    for (Allowance allowance : allowances) {
      if (!used.contains(allowance)) {
        left.add(complaint(Rule.ALLOW_UNUSED, allowance.line(), allowance.rule().id()));
      }
    }
    return left;
  }

  private void read(SqlToken comment, int nextCodeLine) {
    Matcher matcher = ALLOW.matcher(comment.text());
    if (!matcher.find()) {
      return;
    }
    Optional<Rule> rule = Rule.byId(matcher.group(1));
    if (rule.isEmpty()) {
      complaints.add(complaint(Rule.ALLOW_UNKNOWN_RULE, comment.line(), matcher.group(1)));
    } else if (matcher.group(2) == null) {
      complaints.add(complaint(Rule.ALLOW_WITHOUT_REASON, comment.line(), matcher.group(1)));
    } else {
      allowances.add(new Allowance(rule.get(), comment.line(), nextCodeLine));
    }
  }

  private Finding complaint(Rule rule, int line, String named) {
    return new Finding(rule, migration, line, "It allows '" + named + "'");
  }

  private static int nextCodeLine(List<SqlToken> tokens, int from) {
    return tokens.stream()
        .skip(from)
        .filter(t -> t.kind() != SqlToken.Kind.COMMENT && t.kind() != SqlToken.Kind.SPACE)
        .mapToInt(SqlToken::line)
        .findFirst()
        .orElse(-1);
  }
}
