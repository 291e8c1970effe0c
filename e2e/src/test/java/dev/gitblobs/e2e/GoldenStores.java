package dev.gitblobs.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Stores that the original clients made, and what is in them. */
final class GoldenStores {
  private final Path folder = Launcher.checkout().resolve("protocol/vectors/original");

  /** Puts a copy of the store there, to be written to. */
  void copy(String name, Path target) {
    Path zip = folder.resolve("stores/" + name + ".zip");
    try {
      if (!Files.exists(zip)) {
        copyTree(folder.resolve("stores/" + name), target);
        return;
      }
      try (FileSystem archive = FileSystems.newFileSystem(zip)) {
        copyTree(archive.getPath("/" + name), target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the original clients say of the store. */
  Content content(String name) {
    try {
      String text = Files.readString(folder.resolve("expected/" + name + ".json"));
      return Content.ofGolden(Launcher.JSON.readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.write(target, Files.readAllBytes(file));
        }
      }
    }
  }

  /**
   * A store's newest commit, all its commits, and of every file the hashes of blob and metadata.
   *
   * @param files by path, {@code BLOB METADATA}
   */
  record Content(String head, TreeSet<String> commits, TreeMap<String, String> files) {
    static Content ofGolden(JsonNode expected) {
      TreeSet<String> commits = new TreeSet<>();
      expected.path("history").forEach(commit -> commits.add(commit.path("hash").asText()));
      TreeMap<String, String> files = new TreeMap<>();
      for (JsonNode entry : expected.at("/snapshot/entries")) {
        files.put(
            entry.path("path").asText(),
            entry.path("blob_hash").asText() + " " + entry.path("metadata_hash").asText());
      }
      return new Content(expected.at("/head/value").asText(), commits, files);
    }

    /** The same of a copy on a device, as gitblobs tells it. */
    static Content of(Device device, String copy) {
      JsonNode snapshot = device.on(copy, "snapshot");
      TreeSet<String> commits = new TreeSet<>();
      device.on(copy, "log").forEach(commit -> commits.add(commit.path("hash").asText()));
      TreeMap<String, String> files = new TreeMap<>();
      for (JsonNode file : snapshot.path("files")) {
        String metadata = file.at("/file/metadata").asText("");
        files.put(
            file.path("path").asText(),
            file.at("/file/blob").asText() + " " + (metadata.equals("null") ? "" : metadata));
      }
      return new Content(snapshot.path("commit").asText(), commits, files);
    }
  }
}
