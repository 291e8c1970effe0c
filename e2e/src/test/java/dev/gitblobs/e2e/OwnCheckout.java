package dev.gitblobs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A checkout of the test's own: the real one by links, but for the Worker's bundle, the migrations
 * and the stack files, which may be changed there.
 */
final class OwnCheckout {
  private final Path root;

  OwnCheckout(Path original, Path root) {
    this.root = root;
    linkAll(original, root, Set.of("worker", "infra", "migrations", ".git", ".gitblobs"));
    linkAll(original.resolve("worker"), root.resolve("worker"), Set.of("dist"));
    linkAll(original.resolve("infra"), root.resolve("infra"), Set.of("stacks"));
    for (String folder : List.of("worker/dist", "migrations", "infra/stacks")) {
      copyAll(original.resolve(folder), root.resolve(folder));
    }
  }

  Path root() {
    return root;
  }

  Path bundle() {
    return root.resolve("worker/dist/worker.mjs");
  }

  Path migrations() {
    return root.resolve("migrations");
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the links away, which JUnit would warn of: they lead out of its folder. */
  void unlink() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private static void linkAll(Path from, Path to, Set<String> except) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.toList()) {
        if (!except.contains(String.valueOf(file.getFileName()))) {
          Files.createSymbolicLink(to.resolve(file.getFileName()), file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyAll(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
