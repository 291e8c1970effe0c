package dev.gitblobs.ops.migrate.lint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Findings in the forms that other programs read.
 *
 * @param root the checkout, from which paths are told
 * @param findings what was found
 */
public record LintReport(Path root, List<Finding> findings) {
  /** Copies the findings. */
  public LintReport {
    findings = List.copyOf(findings);
  }

  /**
   * GitHub's workflow commands, one line for each finding
   * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
   */
  public List<String> github() {
    return findings.stream()
        .map(
            finding ->
                "::%s file=%s,line=%d,title=%s::%s"
                    .formatted(
                        finding.severity(),
                        escapeProperty(path(finding)),
                        finding.line(),
                        finding.ruleId(),
                        escape(finding.message())))
        .toList();
  }

  /** SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), as maps for a JSON writer. */
  public Map<String, Object> sarif() {
    List<Map<String, Object>> rules =
        Arrays.stream(Rule.values())
            .map(
                rule ->
                    Map.<String, Object>of(
                        "id", rule.id(), "shortDescription", Map.of("text", rule.why())))
            .toList();
    Map<String, Object> run =
        Map.of(
            "tool",
            Map.of("driver", Map.of("name", "relayctl migrate lint", "rules", rules)),
            "results",
            findings.stream().map(this::result).toList());
    return Map.of(
        "$schema",
        "https://json.schemastore.org/sarif-2.1.0.json",
        "version",
        "2.1.0",
        "runs",
        List.of(run));
  }

  private Map<String, Object> result(Finding finding) {
    Map<String, Object> location =
        Map.of(
            "physicalLocation",
            Map.of(
                "artifactLocation",
                Map.of("uri", path(finding)),
                "region",
                Map.of("startLine", finding.line())));
    return Map.of(
        "ruleId",
        finding.ruleId(),
        "level",
        finding.severity(),
        "message",
        Map.of("text", finding.message()),
        "locations",
        List.of(location));
  }

  private String path(Finding finding) {
    Path path = finding.migration().path().toAbsolutePath().normalize();
    Path told = path.startsWith(root) ? root.relativize(path) : path;
    return told.toString().replace('\\', '/');
  }

  private static String escape(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String escapeProperty(String text) {
    return escape(text).replace(":", "%3A").replace(",", "%2C");
  }
}
