package dev.gitblobs.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gitblobs.ops.environment.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramStartTest {
  @TempDir private Path root;
  private ProgramStart start;
  private Path archive;

  @BeforeEach
  void haveAJar() throws IOException {
    Path jar = new Project(root).infraJar();
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "jar");
    archive = jar.resolveSibling("infra.jsa");
    start = new ProgramStart(new Project(root));
  }

  @Test
  void writesTheArchiveBesideItsPlaceAndPutsItThereWhole() throws IOException {
    Path draft = fileOf("-XX:ArchiveClassesAtExit=");
    assertThat(draft).isNotEqualTo(archive);
    Files.writeString(draft, "classes");
    assertThat(archive).doesNotExist();

    start.keepArchive();

    assertThat(archive).hasContent("classes");
    assertThat(draft).doesNotExist();
  }

  @Test
  void usesAnArchiveThatIsNewerThanTheJar() throws IOException {
    Files.writeString(archive, "classes");
    assertThat(archive.toFile().setLastModified(System.currentTimeMillis() + 10_000)).isTrue();

    assertThat(fileOf("-XX:SharedArchiveFile=")).isEqualTo(archive);
    start.keepArchive();
    assertThat(archive).hasContent("classes");
  }

  private Path fileOf(String option) {
    Matcher found =
        Pattern.compile(Pattern.quote(option) + "([^\"]+)\"")
            .matcher(start.variables().getOrDefault("JDK_JAVA_OPTIONS", ""));
    assertThat(found.find()).isTrue();
    return Path.of(found.group(1));
  }
}
