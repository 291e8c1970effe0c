package dev.gitblobs.cloudflare.testing;

import dev.gitblobs.cloudflare.account.StateFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An account's files, held in memory as the values they were written as. */
public final class InMemoryStateFiles implements StateFiles {
  private final Map<String, Object> files = new ConcurrentHashMap<>();

  /** Nothing at first. */
  public InMemoryStateFiles() {}

  /** The same files, from now on apart. */
  public InMemoryStateFiles copy() {
    InMemoryStateFiles copy = new InMemoryStateFiles();
    copy.files.putAll(files);
    return copy;
  }

  @Override
  public Path path(String name) {
    return Path.of("/in-memory", name);
  }

  @Override
  public <T> Optional<T> read(String name, Class<T> type) {
    return Optional.ofNullable(files.get(name)).map(type::cast);
  }

  @Override
  public void write(String name, Object value) {
    files.put(name, value);
  }

  @Override
  public void writeBytes(String name, byte[] bytes) {
    files.put(name, bytes);
  }

  @Override
  public boolean exists(String name) {
    return files.containsKey(name);
  }

  @Override
  public List<String> list(String folder) {
    return files.keySet().stream()
        .filter(name -> name.startsWith(folder))
        .map(name -> name.substring(folder.length()))
        .toList();
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }
}
