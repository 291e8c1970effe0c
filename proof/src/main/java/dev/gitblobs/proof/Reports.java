package dev.gitblobs.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** The JUnit reports that Surefire, Failsafe, vitest and Node's runner leave in target folders. */
final class Reports {
  private static final Pattern REPORT = Pattern.compile("TEST-.*\\.xml|.*-junit\\.xml");
  private static final Pattern CLASS = Pattern.compile("(?:.*\\.)?([A-Z]\\w*)(?:\\$.*)?");
  private static final Set<String> NOT_OURS = Set.of("node_modules", ".git", ".gitblobs", "src");

  private Reports() {}

  /**
   * All that were written since then.
   *
   * @throws IOException when one cannot be read
   */
  static List<SuiteRun> since(Instant start, Path root) throws IOException {
    List<SuiteRun> runs = new ArrayList<>();
    for (Path file : CheckoutFiles.below(root, NOT_OURS)) {
      if (REPORT.matcher(String.valueOf(file.getFileName())).matches()
          && !Files.getLastModifiedTime(file).toInstant().isBefore(start)) {
        runs.addAll(read(file));
      }
    }
    return runs;
  }

  /** One report; the tests of one class or file are one run, however many suites it has. */
  static List<SuiteRun> read(Path report) throws IOException {
    Map<String, SuiteRun> byName = new LinkedHashMap<>();
    Document document = parse(report);
    var cases = document.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element test = (Element) cases.item(i);
      boolean isSkipped = test.getElementsByTagName("skipped").getLength() > 0;
      SuiteRun run =
          new SuiteRun(nameOf(test), 1, isSkipped ? 1 : 0, seconds(test.getAttribute("time")));
      byName.merge(run.name(), run, Reports::sum);
    }
    // A class that sets up for long has most of its time outside of its tests.
    var suites = document.getElementsByTagName("testsuite");
    for (int i = 0; i < suites.getLength(); i++) {
      Element suite = (Element) suites.item(i);
      Duration whole = seconds(suite.getAttribute("time"));
      String name = simple(suite.getAttribute("name"));
      byName.replaceAll(
          (key, run) ->
              TestFiles.isOf(key, name)
                  ? new SuiteRun(key, run.tests(), run.skipped(), whole)
                  : run);
    }
    return List.copyOf(byName.values());
  }

  private static SuiteRun sum(SuiteRun a, SuiteRun b) {
    return new SuiteRun(
        a.name(), a.tests() + b.tests(), a.skipped() + b.skipped(), a.time().plus(b.time()));
  }

  /** Node's runner names the file beside the class; to the others the class is the file. */
  private static String nameOf(Element test) {
    String file = test.getAttribute("file");
    return simple(file.isEmpty() ? test.getAttribute("classname") : file);
  }

  private static String simple(String name) {
    Matcher type = CLASS.matcher(name);
    return type.matches() ? type.group(1) : name;
  }

  private static Duration seconds(String text) {
    return text.isEmpty()
        ? Duration.ZERO
        : Duration.ofMillis(Math.round(Double.parseDouble(text.replace(",", "")) * 1_000));
  }

  private static Document parse(Path file) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(file.toFile());
    } catch (SAXException e) {
      throw new IOException(file + " is no report: " + e.getMessage(), e);
    } catch (ParserConfigurationException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
