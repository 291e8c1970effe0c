package dev.gitblobs.client.store;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The files in a store's object folders, one at a time, so that any number can be gone through. */
final class ObjectListing {
  private ObjectListing() {}

  /** What a file turned out to be. */
  sealed interface Item {}

  /** An object in the file of its name; not verified. */
  record Found(StoredObject object) implements Item {}

  /** A file with an object's name that holds none. */
  record Unreadable(Path file, String reason) implements Item {}

  /** A file that is none of the store's. */
  record Stray(Path file) implements Item {}

  /** Passes on every file, in the folder's own order. */
  static void forEach(StoreLayout layout, Consumer<Path> receiver) {
    for (Path folder : List.of(layout.objects(), layout.twins())) {
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
          files.forEach(receiver);
        } catch (IOException e) {
          throw new GitBlobsException("Tried to list " + folder + " but failed: " + e, e);
        }
      }
    }
  }

  /** What this file holds. */
  static Item read(Path file) {
    String name = String.valueOf(file.getFileName());
    String hex = name.substring(name.lastIndexOf('-') + 1);
    if (Hash.parse(hex).isEmpty()) {
      return new Stray(file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      StoredObject object = ObjectFile.read(in);
      return object.hash().hex().equals(hex)
          ? new Found(object)
          : new Unreadable(file, "it holds " + object.id());
    } catch (IOException | GitBlobsException e) {
      return new Unreadable(file, String.valueOf(e.getMessage()));
    }
  }
}
