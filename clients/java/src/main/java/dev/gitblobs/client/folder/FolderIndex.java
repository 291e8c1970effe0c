package dev.gitblobs.client.folder;

import dev.gitblobs.client.folder.Standing.Stamp;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.DurableFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the folder had when it was last equal to the store, file by file: {@code
 * gitblobs/folder.index}. A local change is what differs from it. Without it, or where it is
 * damaged, nothing is lost: files that are other than the head's are asked about.
 *
 * @param pending what becomes of some files when the head moves to {@code heading}
 * @param heading the commit that is being made of the folder, or that the folder is being made
 *     equal to; null but after a crash
 * @param at the commit whose files are just these; null where some are others
 */
record FolderIndex(
    Map<String, Entry> entries,
    Map<String, Optional<TreeEntry>> pending,
    @Nullable Hash heading,
    @Nullable Hash at) {
  /**
   * One file.
   *
   * @param base what the store has of it
   * @param stamp by which the file is known to hold that; null where it has to be read
   */
  record Entry(TreeEntry base, @Nullable Stamp stamp) {}

  static final FolderIndex EMPTY = new FolderIndex(Map.of(), Map.of(), null, null);

  private static final int FORM = 0x67626631; // "gbf1"

  FolderIndex {
    entries = Collections.unmodifiableMap(entries);
    pending = Map.copyOf(pending);
  }

  /** After a crash that came when the head had moved: what was to become of the files has. */
  FolderIndex recovered() {
    Map<String, Entry> recovered = new LinkedHashMap<>(entries);
    pending.forEach(
        (path, entry) ->
            entry.ifPresentOrElse(
                now -> recovered.put(path, new Entry(now, null)), () -> recovered.remove(path)));
    return new FolderIndex(recovered, Map.of(), heading, at);
  }

  /** What the store has of each file. */
  Map<String, TreeEntry> base() {
    Map<String, TreeEntry> base = new LinkedHashMap<>();
    entries.forEach((path, entry) -> base.put(path, entry.base()));
    return base;
  }

  private static Path file(Path ownFolder) {
    return ownFolder.resolve("folder.index");
  }

  static FolderIndex load(Path ownFolder) throws IOException {
    try (InputStream file = Files.newInputStream(file(ownFolder))) {
      CheckedInputStream sum =
          new CheckedInputStream(new BufferedInputStream(file, 1 << 16), new CRC32());
      DataInputStream in = new DataInputStream(sum);
      if (in.readInt() != FORM) {
        return EMPTY;
      }
      Hash heading = hashOrNull(in);
      Hash at = hashOrNull(in);
      Map<String, Entry> entries = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        entries.put(in.readUTF(), entry(in));
      }
      Map<String, Optional<TreeEntry>> pending = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String path = in.readUTF();
        Hash blob = hashOrNull(in);
        Hash metadata = hashOrNull(in);
        pending.put(path, Optional.ofNullable(blob).map(hash -> TreeEntry.of(hash, metadata)));
      }
      long expected = sum.getChecksum().getValue();
      return in.readLong() == expected ? new FolderIndex(entries, pending, heading, at) : EMPTY;
    } catch (NoSuchFileException
        | EOFException
        | UTFDataFormatException
        | IllegalArgumentException e) {
      return EMPTY; // as after an attachment: see above
    }
  }

  private static Entry entry(DataInputStream in) throws IOException {
    Hash blob = new Hash(in.readUTF());
    TreeEntry base = TreeEntry.of(blob, hashOrNull(in));
    if (!in.readBoolean()) {
      return new Entry(base, null);
    }
    return new Entry(base, new Stamp(in.readLong(), in.readLong(), in.readLong(), in.readLong()));
  }

  private static @Nullable Hash hashOrNull(DataInputStream in) throws IOException {
    String text = in.readUTF();
    return text.isEmpty() ? null : new Hash(text);
  }

  void save(Path ownFolder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CheckedOutputStream sum = new CheckedOutputStream(bytes, new CRC32());
    DataOutputStream out = new DataOutputStream(sum);
    out.writeInt(FORM);
    writeHash(out, heading);
    writeHash(out, at);
    out.writeInt(entries.size());
    for (Map.Entry<String, Entry> file : entries.entrySet()) {
      TreeEntry base = file.getValue().base();
      Stamp stamp = file.getValue().stamp();
      out.writeUTF(file.getKey());
      out.writeUTF(base.blob().hex());
      writeHash(out, base.metadata());
      out.writeBoolean(stamp != null);
      if (stamp != null) {
        out.writeLong(stamp.bytes());
        out.writeLong(stamp.modified());
        out.writeLong(stamp.changed());
        out.writeLong(stamp.inode());
      }
    }
    out.writeInt(pending.size());
    for (Map.Entry<String, Optional<TreeEntry>> file : pending.entrySet()) {
      out.writeUTF(file.getKey());
      writeHash(out, file.getValue().map(TreeEntry::blob).orElse(null));
      writeHash(out, file.getValue().map(TreeEntry::metadata).orElse(null));
    }
    out.writeLong(sum.getChecksum().getValue());
    DurableFile.write(file(ownFolder), bytes.toByteArray());
  }

  private static void writeHash(DataOutputStream out, @Nullable Hash hash) throws IOException {
    out.writeUTF(hash == null ? "" : hash.hex());
  }

  static void remove(Path ownFolder) throws IOException {
    Files.deleteIfExists(file(ownFolder));
  }
}
