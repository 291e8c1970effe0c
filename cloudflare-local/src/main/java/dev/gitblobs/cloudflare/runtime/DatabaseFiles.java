package dev.gitblobs.cloudflare.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The SQLite files of the D1 databases: a database is a Durable Object of Miniflare's, whose file
 * is named by the object's id.
 */
public final class DatabaseFiles {
  private static final String NAMESPACE = "miniflare-D1DatabaseObject";
  private static final int HALF_ID_BYTES = 16;

  private final Path folder;
  private final Path snapshots;

  DatabaseFiles(Path storage) {
    this.folder = storage.resolve("d1").resolve(NAMESPACE);
    this.snapshots = storage.resolve("d1-snapshots");
  }

  Path of(String database) {
    return folder.resolve(objectId(database) + ".sqlite");
  }

  /** In bytes; 0 before the first query. */
  public long size(String database) {
    try {
      return Files.exists(of(database)) ? Files.size(of(database)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Deletes a database with its snapshots; one that has no file yet is fine. */
  public void delete(String database) throws IOException {
    String file = of(database).toString();
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(Path.of(file + suffix));
    }
    snapshots(database).delete();
  }

  /** The copies of a database. */
  Snapshots snapshots(String database) {
    return new Snapshots(snapshots.resolve(database));
  }

  /** What workerd's idFromName makes of a name: two halves of HMACs under the namespace's key. */
  private static String objectId(String name) {
    try {
      byte[] key =
          MessageDigest.getInstance("SHA-256").digest(NAMESPACE.getBytes(StandardCharsets.UTF_8));
      byte[] first = half(key, name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(first) + HexFormat.of().formatHex(half(key, first));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] half(byte[] key, byte[] input) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return Arrays.copyOf(mac.doFinal(input), HALF_ID_BYTES);
  }
}
