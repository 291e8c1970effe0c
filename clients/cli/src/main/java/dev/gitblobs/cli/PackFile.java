package dev.gitblobs.cli;

import dev.gitblobs.client.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes packs to files: whole or not at all. */
final class PackFile {
  private PackFile() {}

  static int write(Gitblobs root, Path name, byte[] pack) {
    Path file = root.terminal().directory().resolve(name);
    Path draft = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.write(draft, pack);
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new FailedException("Tried to write " + file + " but failed: " + e, e);
    }
    return root.done(
        Json.object("file", Json.of(file.toString()), "bytes", Json.of((double) pack.length)),
        () -> root.output().line(String.format("Saved to %s - %,d bytes", file, pack.length)));
  }
}
