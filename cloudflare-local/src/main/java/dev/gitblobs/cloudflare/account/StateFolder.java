package dev.gitblobs.cloudflare.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Files that only their owner may read, replaced atomically: a crash leaves the old or the new. */
public final class StateFolder implements StateFiles {
  private static final List<String> OURS =
      List.of("identity.json", "account.json", "lock", "runtime.pids", "modules", "storage");
  private static final Set<PosixFilePermission> OWNERS_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNERS_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private final Path folder;

  /** Creates the folder (mode 0700) when it is not there. */
  public StateFolder(Path folder) throws IOException {
    createFolder(folder);
    this.folder = folder.toRealPath();
    closeToOthers(this.folder);
  }

  /** Also what an older version, or a copy, left open; nothing else that lies in the folder. */
  private static void closeToOthers(Path root) throws IOException {
    for (String name : OURS) {
      if (!Files.exists(root.resolve(name))) {
        continue;
      }
      try (Stream<Path> all = Files.walk(root.resolve(name))) {
        for (Path path : (Iterable<Path>) all::iterator) {
          Files.setPosixFilePermissions(
              path, Files.isDirectory(path) ? OWNERS_FOLDER : OWNERS_FILE);
        }
      }
    }
  }

  private static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNERS_FOLDER));
  }

  /** A folder in it that only its owner may enter. */
  public Path folder(String name) throws IOException {
    createFolder(path(name));
    return path(name);
  }

  @Override
  public Path path(String name) {
    return folder.resolve(name);
  }

  @Override
  public <T> Optional<T> read(String name, Class<T> type) throws IOException {
    Path file = path(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readValue(file.toFile(), type));
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public void write(String name, Object value) {
    try {
      writeBytes(name, Json.MAPPER.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + path(name), e);
    }
  }

  @Override
  public void writeBytes(String name, byte[] bytes) throws IOException {
    Path target = path(name);
    Path parent = Objects.requireNonNull(target.getParent());
    createFolder(parent);
    Path aside =
        Files.createTempFile(
            parent, ".new-", null, PosixFilePermissions.asFileAttribute(OWNERS_FILE));
    try {
      try (FileChannel channel = FileChannel.open(aside, Set.of(StandardOpenOption.WRITE))) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      // Else a power cut may bring the old name back.
      try (FileChannel names = FileChannel.open(parent, StandardOpenOption.READ)) {
        names.force(true);
      }
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(path(name));
  }

  @Override
  public List<String> list(String name) throws IOException {
    if (!exists(name)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path(name))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }
}
