package dev.gitblobs.cli;

import dev.gitblobs.client.store.FileStore;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that a user named, each with the name that it gets in the store. Two files never get
 * one name, and what a folder holds that is no file is told, not left out in silence.
 */
final class NamedFiles {
  private final Path directory;
  private final FileStore store;
  private final Map<String, Path> files = new LinkedHashMap<>();
  private final List<LeftOut> leftOut = new ArrayList<>();

  /** Names are taken as said in this directory; what the store is made of is no file of it. */
  NamedFiles(Path directory, FileStore store) {
    this.directory = directory;
    this.store = store;
  }

  /** Name to file, in the order they were named. */
  Map<String, Path> files() {
    return Collections.unmodifiableMap(files);
  }

  /** What cannot be stored. */
  List<LeftOut> leftOut() {
    return List.copyOf(leftOut);
  }

  /** A file under this name, or as it is called; of a folder all files in it. */
  void add(Path argument, @Nullable String name) {
    Path given = argument.normalize();
    Path base = given.isAbsolute() || given.startsWith("..") ? given.getParent() : null;
    Path file = directory.resolve(argument);
    if (Files.isDirectory(file)) {
      List<Path> inside = filesIn(file);
      if (name != null && inside.size() != 1) {
        throw new FailedException("--as NAME goes with exactly one file.");
      }
      for (Path path : inside) {
        put(
            name != null ? name : nameOf(given.resolve(file.relativize(path)).normalize(), base),
            path);
      }
      return;
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FailedException(
          file + " is no file but a pipe or a device. For its content say - and --as NAME.");
    }
    put(name != null ? name : nameOf(given, base), file);
  }

  private void put(String name, Path file) {
    if (name.indexOf(MessageOption.LOST) >= 0) {
      throw new FailedException(
          "The name of "
              + file
              + " is not text in this locale: set LC_ALL=C.UTF-8, or rename it. Nothing was"
              + " stored.");
    }
    Path other = files.putIfAbsent(name, file);
    if (other != null && !other.normalize().equals(file.normalize())) {
      throw new FailedException(
          other
              + " and "
              + file
              + " would both be "
              + name
              + " in the store. Add them one by one with --as NAME. Nothing was stored.");
    }
  }

  /** All files in a folder, sorted, without those the store itself is made of. */
  private List<Path> filesIn(Path folder) {
    List<Path> found = new ArrayList<>();
    SimpleFileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inside, BasicFileAttributes attributes) {
            return store.isOwn(inside) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path inside, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !store.isOwn(inside)) {
              found.add(inside);
            } else if (!store.isOwn(inside)) {
              leftOut.add(new LeftOut(inside.toString(), whatItIs(attributes)));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path inside, IOException failure) {
            leftOut.add(new LeftOut(inside.toString(), "it cannot be read: " + failure));
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(folder, visitor);
    } catch (IOException e) {
      throw new FailedException("Tried to read the folder " + folder + " but failed: " + e, e);
    }
    Collections.sort(found);
    return found;
  }

  private static String whatItIs(BasicFileAttributes attributes) {
    return attributes.isSymbolicLink()
        ? "it is a link; name it itself to store what it leads to"
        : "it is no file but a pipe, a socket or a device";
  }

  /** As the user says it, with slashes; of a path from elsewhere the part below its folder. */
  private static String nameOf(Path given, @Nullable Path base) {
    Path inside = base == null ? given : base.relativize(given);
    List<String> names = new ArrayList<>();
    inside.forEach(part -> names.add(part.toString()));
    return String.join("/", names);
  }
}
