package dev.gitblobs.client.folder;

import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.json.JsonReader;
import dev.gitblobs.client.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which folder belongs to a store: {@code gitblobs/folder.json}.
 *
 * @param inode the number of the folder in its file system, 0 where there is none: another one is
 *     what is left when a disk is not mounted, and holds none of the files
 */
record Attachment(Path folder, long inode) {
  private static Path file(Path ownFolder) {
    return ownFolder.resolve("folder.json");
  }

  /** Whether it is at the place of that one, or is that one, moved. */
  boolean isSameAs(Attachment known) {
    boolean isMoved = inode != 0 && inode == known.inode() && !Files.exists(known.folder());
    return folder.equals(known.folder()) || isMoved;
  }

  static boolean isThere(Path ownFolder) {
    return Files.exists(file(ownFolder));
  }

  /** The folder at this place as it is now. Throws where there is none. */
  static Attachment of(Path folder) throws IOException {
    Path real = folder.toRealPath();
    Standing standing = Standing.at(real);
    if (!standing.isDirectory()) {
      throw new GitBlobsException(folder + " is no folder.");
    }
    return new Attachment(real, standing.stamp().inode());
  }

  static Optional<Attachment> load(Path ownFolder) {
    Path file = file(ownFolder);
    try {
      Json.Obj json = JsonReader.readObject(Files.readAllBytes(file));
      String folder = json.text("folder").orElse("");
      String inode = json.text("inode").orElse("");
      if (folder.isEmpty() || !inode.matches("[0-9]{1,19}")) {
        throw damaged(file, "something is missing in it", null);
      }
      return Optional.of(new Attachment(Path.of(folder), Long.parseUnsignedLong(inode)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JsonReader.InvalidJsonException | IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static GitBlobsException damaged(Path file, String reason, @Nullable Exception cause) {
    return new GitBlobsException(
        "Tried to read which folder belongs to the store in "
            + file
            + " but failed: "
            + reason
            + ". `gitblobs folder --detach` and `gitblobs folder DIR` write it again; no file of the"
            + " folder changes by that.",
        cause);
  }

  void save(Path ownFolder) throws IOException {
    Json json =
        Json.object(
            "folder", Json.of(folder.toString()), "inode", Json.of(Long.toUnsignedString(inode)));
    DurableFile.write(file(ownFolder), json.toText().getBytes(StandardCharsets.UTF_8));
  }

  static void remove(Path ownFolder) throws IOException {
    Files.deleteIfExists(file(ownFolder));
  }
}
