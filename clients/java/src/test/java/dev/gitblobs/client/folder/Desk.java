package dev.gitblobs.client.folder;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.CommitOutcome;
import dev.gitblobs.client.Edit;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.history.ConflictResolver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Somebody at work: a store, a folder beside it, and a clock that is ahead of the files. */
final class Desk {
  final Path place;
  final Repository repository;
  WorkingFolder folder;
  private Duration ahead = Duration.ofHours(1);

  Desk(Path parent) {
    this.place = parent.resolve("files");
    Instant begin = InstantSource.system().instant();
    this.repository =
        Repository.create(parent.resolve("store"), new Author("Ada", "", () -> begin.plus(tick())));
    this.folder = WorkingFolder.attach(repository, place);
  }

  private Duration tick() {
    ahead = ahead.plusSeconds(1);
    return ahead;
  }

  void write(String name, String text) {
    try {
      Path file = place.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String text(String name) {
    try {
      return Files.readString(place.resolve(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void delete(String name) {
    try {
      Files.delete(place.resolve(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  FolderCommit commit() {
    return folder.commit(null, path -> true, ConflictResolver.NONE);
  }

  /** Something arrives in the store. */
  void arrive(String name, String text) {
    arrive(List.of(Edit.put(name, text.getBytes(StandardCharsets.UTF_8))));
  }

  void arrive(List<Edit> edits) {
    CommitOutcome outcome = repository.commit("arrival", edits);
    if (outcome instanceof CommitOutcome.Refused refused) {
      throw new AssertionError(refused);
    }
  }

  void arriveDeletion(String name) {
    repository.commit("arrival", List.of(new Edit.Remove(name)));
  }

  Optional<String> stored(String name) {
    return repository.read(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** All regular files of the folder, by name. */
  SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(place.relativize(file).toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return files;
  }

  /** All files of the store's head, by name. */
  SortedMap<String, String> storedFiles() {
    SortedMap<String, String> files = new TreeMap<>();
    for (String name : repository.files().entries().keySet()) {
      files.put(name, stored(name).orElseThrow());
    }
    return files;
  }

  List<String> changes() {
    List<String> told = new ArrayList<>();
    for (FolderChange change : folder.status().changes()) {
      String from = change.from() == null ? "" : change.from() + " -> ";
      told.add(change.kind() + " " + from + change.path());
    }
    return told;
  }
}
