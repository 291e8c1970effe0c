package dev.gitblobs.client;

import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Data that the original clients made, from {@code protocol/vectors/original}. */
public final class GoldenData {
  private static final Path ROOT = Path.of("../../protocol/vectors/original");

  private GoldenData() {}

  /** A file or folder of the golden data. */
  public static Path path(String name) {
    return ROOT.resolve(name);
  }

  /** A JSON file of the golden data. */
  public static Json json(String name) {
    return JsonReader.read(bytes(path(name)));
  }

  /** A file's bytes. */
  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files of a golden folder whose names end so, sorted. */
  public static List<Path> files(String folder, String suffix) {
    try (Stream<Path> files = Files.list(path(folder))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of a golden store that may be written to; {@code many} comes from its zip. */
  public static Path store(String name, Path parent) throws IOException {
    Path target = parent.resolve(name);
    Path zip = path("stores/" + name + ".zip");
    if (Files.exists(zip)) {
      try (FileSystem archive = FileSystems.newFileSystem(zip)) {
        copy(archive.getPath("/" + name), target);
      }
    } else {
      copy(path("stores/" + name), target);
    }
    return target;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          try (InputStream in = Files.newInputStream(file)) {
            Files.copy(in, target);
          }
        }
      }
    }
  }

  /** The members of an object in a golden file. */
  public static Json.Obj object(Json value) {
    return (Json.Obj) value;
  }

  /** A named member. */
  public static Json member(Json object, String name) {
    return object(object).get(name).orElseThrow(() -> new AssertionError("no " + name));
  }

  /** A named text. */
  public static String text(Json object, String name) {
    return object(object).text(name).orElseThrow(() -> new AssertionError("no text " + name));
  }

  /** A named array. */
  public static List<Json> array(Json object, String name) {
    return items(member(object, name));
  }

  /** An array's items. */
  public static List<Json> items(Json array) {
    return ((Json.Arr) array).items();
  }

  /** A text's characters. */
  public static String text(Json text) {
    return ((Json.Str) text).text();
  }
}
