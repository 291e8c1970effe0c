package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.store.StoreCheck;
import dev.gitblobs.client.store.StoreReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Checks the whole store. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Reads every object, checks its hash, and that all it refers to is there.",
      "Exit status 1 when something is damaged or missing."
    })
final class VerifyCommand implements Callable<Integer> {
  private final Gitblobs root;

  VerifyCommand(Gitblobs root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try (Progress progress = root.output().progress("Checking objects")) {
      StoreReport report = StoreCheck.run(root.repository().store(), progress);
      Runnable text = () -> print(report);
      return report.isWhole() ? root.done(json(report), text) : root.failed(json(report), text);
    }
  }

  private void print(StoreReport report) {
    for (StoreReport.Finding finding : report.findings()) {
      Output.Colour colour = finding.kind().isDamage() ? Output.Colour.BAD : Output.Colour.FAINT;
      String kind = JsonForms.name(finding.kind());
      root.output()
          .line(
              root.output().coloured(colour, kind)
                  + " "
                  + SafeText.line(finding.subject() + ": " + finding.detail()));
    }
    long all = report.counts().values().stream().mapToLong(Long::longValue).sum();
    String verdict = report.isWhole() ? "The store is whole" : "The store is DAMAGED";
    root.output()
        .line(
            root.output()
                .coloured(
                    report.isWhole() ? Output.Colour.GOOD : Output.Colour.BAD,
                    "%s: %,d sound objects.".formatted(verdict, all)));
  }

  private static Json json(StoreReport report) {
    List<Object> counts = new ArrayList<>();
    for (ObjectType type : ObjectType.values()) {
      counts.add(type.wireName());
      counts.add(Json.of((double) report.counts().getOrDefault(type, 0L)));
    }
    Json findings =
        Json.array(
            report.findings().stream()
                .map(
                    finding ->
                        Json.object(
                            "kind", Json.of(JsonForms.name(finding.kind())),
                            "subject", Json.of(finding.subject()),
                            "detail", Json.of(finding.detail())))
                .toList());
    return Json.object(
        "whole", Json.of(report.isWhole()),
        "objects", Json.object(counts.toArray()),
        "findings", findings);
  }
}
