package dev.gitblobs.client.folder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a folder that is held open while something is written into it, so that a link put
 * in the way meanwhile leads nowhere. Where the system cannot, it is looked at before each step.
 */
final class OpenDirectory implements Closeable {
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private static final int CHUNK = 1 << 16;

  private final Path path;
  private final DirectoryStream<Path> stream;
  private final WriteSteps steps;

  private OpenDirectory(Path path, DirectoryStream<Path> stream, WriteSteps steps) {
    this.path = path;
    this.stream = stream;
    this.steps = steps;
  }

  /**
   * Opens the directory that holds a place of the folder.
   *
   * @param isMade whether directories that are not there are made
   */
  @SuppressWarnings("StreamResourceLeak") // whoever has the directory closes it
  static OpenDirectory above(Path root, Path place, boolean isMade, WriteSteps steps)
      throws IOException {
    OpenDirectory directory = new OpenDirectory(root, Files.newDirectoryStream(root), steps);
    Path inside = root.relativize(place);
    for (int i = 0; i < inside.getNameCount() - 1; i++) {
      try (OpenDirectory outer = directory) {
        directory = outer.inner(inside.getName(i), isMade);
      }
    }
    return directory;
  }

  @SuppressWarnings("StreamResourceLeak") // the same
  private OpenDirectory inner(Path name, boolean isMade) throws IOException {
    Path inner = path.resolve(name);
    if (isMade && !Files.exists(inner, LinkOption.NOFOLLOW_LINKS)) {
      make(inner);
    }
    if (!Standing.at(inner).isDirectory()) {
      throw new FileSystemException(inner.toString(), null, "it is no folder, and in the way");
    }
    DirectoryStream<Path> opened =
        stream instanceof SecureDirectoryStream<Path> secure
            ? secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)
            : Files.newDirectoryStream(inner);
    return new OpenDirectory(inner, opened, steps);
  }

  private void make(Path inner) throws IOException {
    steps.before();
    try {
      Files.createDirectory(inner);
    } catch (FileAlreadyExistsException e) {
      Standing.at(inner); // somebody else was faster; what it is, is looked at next
    }
  }

  Path path() {
    return path;
  }

  /** Writes a new file and makes its content durable. */
  void write(Path name, byte[] content, @Nullable Set<PosixFilePermission> permissions)
      throws IOException {
    steps.before();
    try (SeekableByteChannel channel = create(name)) {
      if (permissions != null) {
        setPermissions(name, permissions);
      }
      for (int at = 0; at < content.length; at += CHUNK) {
        steps.before();
        ByteBuffer chunk = ByteBuffer.wrap(content, at, Math.min(CHUNK, content.length - at));
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
      steps.before();
      if (channel instanceof FileChannel file) {
        file.force(true);
      }
    }
  }

  private SeekableByteChannel create(Path name) throws IOException {
    return stream instanceof SecureDirectoryStream<Path> secure
        ? secure.newByteChannel(name, NEW)
        : Files.newByteChannel(path.resolve(name), NEW);
  }

  private void setPermissions(Path name, Set<PosixFilePermission> permissions) throws IOException {
    PosixFileAttributeView view =
        stream instanceof SecureDirectoryStream<Path> secure
            ? secure.getFileAttributeView(name, PosixFileAttributeView.class)
            : Files.getFileAttributeView(path.resolve(name), PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(permissions);
    }
  }

  /** Gives a file of it another name, whatever has that, in one step. */
  void move(Path from, Path to) throws IOException {
    steps.before();
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      secure.move(from, secure, to);
    } else {
      Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Deletes a file of it, if it is there. */
  void delete(Path name) throws IOException {
    steps.before();
    try {
      if (stream instanceof SecureDirectoryStream<Path> secure) {
        secure.deleteFile(name);
      } else {
        Files.delete(path.resolve(name));
      }
    } catch (NoSuchFileException e) {
      return; // as it was to be
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
