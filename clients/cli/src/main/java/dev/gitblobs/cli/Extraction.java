package dev.gitblobs.cli;

import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.FolderPlace;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the files of a tree into a folder. What a name, or something that is there, stands in the
 * way of is told, and the rest is written. Nothing is overwritten and nothing leaves the folder, so
 * it can be run again.
 */
final class Extraction {
  private final Repository repository;
  private final Path folder;

  Extraction(Repository repository, Path folder) {
    this.repository = repository;
    this.folder = folder;
  }

  /** Writes all that can be written; returns the others. */
  List<LeftOut> run(Tree tree, Progress progress) {
    List<LeftOut> leftOut = new ArrayList<>();
    long done = 0;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new FailedException("Tried to make the folder " + folder + " but failed: " + e, e);
    }
    for (var entry : tree.entries().entrySet()) {
      write(entry.getKey(), entry.getValue())
          .ifPresent(reason -> leftOut.add(new LeftOut(entry.getKey(), reason)));
      progress.accept(++done, tree.entries().size());
    }
    return leftOut;
  }

  /** Writes the file, or says why not. */
  private Optional<String> write(String name, TreeEntry entry) {
    Optional<Path> place = FolderPlace.of(folder, name);
    if (place.isEmpty()) {
      return Optional.of("no file in a folder can have this name");
    }
    Path file = place.get();
    byte[] content = repository.store().blob(entry.blob()).toBytes();
    try {
      Optional<String> obstacle = makeFolders(file);
      if (obstacle.isPresent()) {
        return obstacle;
      }
      Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return Optional.empty();
    } catch (FileAlreadyExistsException e) {
      return sameContent(file, entry.blob())
          ? Optional.empty()
          : Optional.of("something else is there already, and was left alone");
    } catch (IOException e) {
      return Optional.of("it cannot be written here: " + reason(e) + removed(file));
    }
  }

  /** What a full disk has left of a file is no file of the tree. */
  private static String removed(Path file) {
    try {
      Files.deleteIfExists(file);
      return "";
    } catch (IOException e) {
      return ", and what was written of it cannot be removed: " + reason(e);
    }
  }

  private static String reason(IOException failure) {
    String text = failure.getMessage();
    return text == null ? failure.getClass().getSimpleName() : text;
  }

  /** Makes the folders above a file; a link among them would lead out of the folder. */
  private Optional<String> makeFolders(Path file) throws IOException {
    Path above = folder;
    Path inside = folder.relativize(file);
    for (int i = 0; i < inside.getNameCount() - 1; i++) {
      above = above.resolve(inside.getName(i));
      if (!Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(above);
      } else if (!Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(above + " is in the way: it is no folder");
      }
    }
    return Optional.empty();
  }

  private static boolean sameContent(Path file, Hash blob) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Hash.of(Files.readAllBytes(file)).equals(blob);
    } catch (IOException e) {
      return false; // it cannot be read, so it is not known to be the same
    }
  }
}
