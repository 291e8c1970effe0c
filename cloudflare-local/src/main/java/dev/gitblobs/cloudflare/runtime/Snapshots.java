package dev.gitblobs.cloudflare.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The copies of one database that bookmarks name. A copy is a list of blocks, each kept once by its
 * SHA-256: what did not change between two copies is not kept twice. The newest are kept; blocks
 * that none of them needs are deleted.
 */
final class Snapshots {
  private static final int MAX = 50;
  // A page of SQLite has 4 KiB; a change touches a few pages that lie together.
  private static final int BLOCK_BYTES = 32 * 1024;
  private static final String LIST = ".list";

  private final Path folder;
  private final Path blocks;

  Snapshots(Path folder) {
    this.folder = folder;
    this.blocks = folder.resolve("blocks");
  }

  /** Newest first. */
  List<Snapshot> all() {
    try {
      return list(folder).stream()
          .filter(file -> file.toString().endsWith(LIST))
          .map(Snapshots::snapshot)
          .sorted(Comparator.comparing(Snapshot::at).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + folder, e);
    }
  }

  /** A place for the next copy, beside the kept ones and deleted by {@link #keep}. */
  Path aside() throws IOException {
    createFolder(blocks);
    return folder.resolve("aside.sqlite");
  }

  /**
   * Keeps a copy of the database, or drops it when nothing changed since the last: the one to use.
   */
  Snapshot keep(Path copy, Snapshot fresh) throws IOException {
    try {
      List<String> hashes = new ArrayList<>();
      try (InputStream in = Files.newInputStream(copy)) {
        for (byte[] block = in.readNBytes(BLOCK_BYTES);
            block.length > 0;
            block = in.readNBytes(BLOCK_BYTES)) {
          hashes.add(keepBlock(block));
        }
      }
      List<Snapshot> all = all();
      if (!all.isEmpty() && hashes.equals(hashes(all.get(0)))) {
        return all.get(0);
      }
      write(
          folder.resolve(name(fresh)),
          String.join("\n", hashes).getBytes(StandardCharsets.US_ASCII));
      prune();
      return fresh;
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /** Puts a copy together again. */
  void restore(Snapshot snapshot, Path target) throws IOException {
    Files.deleteIfExists(target);
    createOwn(target);
    try (OutputStream out = Files.newOutputStream(target)) {
      for (String hash : hashes(snapshot)) {
        Files.copy(blocks.resolve(hash), out);
      }
    }
  }

  void delete() throws IOException {
    for (Path file : list(blocks)) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(blocks);
    for (Path file : list(folder)) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }

  private void prune() throws IOException {
    List<Snapshot> all = all();
    for (Snapshot old : all.subList(Math.min(MAX, all.size()), all.size())) {
      Files.delete(folder.resolve(name(old)));
    }
    Set<String> needed = new HashSet<>();
    for (Snapshot snapshot : all()) {
      needed.addAll(hashes(snapshot));
    }
    for (Path block : list(blocks)) {
      if (!needed.contains(String.valueOf(block.getFileName()))) {
        Files.delete(block);
      }
    }
  }

  private String keepBlock(byte[] block) throws IOException {
    try {
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(block));
      if (!Files.exists(blocks.resolve(hash))) {
        write(blocks.resolve(hash), block);
      }
      return hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> hashes(Snapshot snapshot) throws IOException {
    return Files.readAllLines(folder.resolve(name(snapshot)));
  }

  private static String name(Snapshot snapshot) {
    return snapshot.at().toEpochMilli() + "_" + snapshot.bookmark() + LIST;
  }

  private static Snapshot snapshot(Path file) {
    String name = String.valueOf(file.getFileName());
    String[] timeAndBookmark = name.substring(0, name.length() - LIST.length()).split("_", 2);
    return new Snapshot(
        timeAndBookmark[1], java.time.Instant.ofEpochMilli(Long.parseLong(timeAndBookmark[0])));
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Written aside and moved into place, so that a crash leaves no half of it. */
  private void write(Path target, byte[] bytes) throws IOException {
    Path aside = folder.resolve("aside.new");
    Files.deleteIfExists(aside);
    createOwn(aside);
    Files.write(aside, bytes, StandardOpenOption.WRITE);
    Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void createOwn(Path file) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static void createFolder(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
