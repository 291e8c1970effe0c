package dev.gitblobs.cloudflare.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes of the runtime, noted in a file by pid and start time: whoever starts next ends
 * what a killed predecessor left running, and nothing else that happens to have the same pid.
 */
final class Leftovers {
  private static final long END_SECONDS = 10;

  private final Path file;

  Leftovers(Path file) {
    this.file = file;
  }

  void note(List<ProcessHandle> processes) {
    List<String> lines = new ArrayList<>();
    for (ProcessHandle process : processes) {
      startOf(process).ifPresent(start -> lines.add(process.pid() + " " + start.toEpochMilli()));
    }
    try {
      Files.write(file, lines);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException("noting the runtime's processes in " + file, e);
    }
  }

  /** Kills what is noted and still runs, and waits for its end. */
  void end() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    List<ProcessHandle> running = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] pidAndStart = line.split(" ", 2);
      if (pidAndStart.length == 2) {
        Instant start = Instant.ofEpochMilli(Long.parseLong(pidAndStart[1]));
        ProcessHandle.of(Long.parseLong(pidAndStart[0]))
            .filter(process -> startOf(process).equals(Optional.of(start)))
            .ifPresent(running::add);
      }
    }
    kill(running);
    Files.delete(file);
  }

  /** All are killed before any is waited for: a child is only gone when its parent takes note. */
  static void kill(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : processes) {
      try {
        process.onExit().get(END_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new RuntimeFailure("Process " + process.pid() + " cannot be ended.", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Optional<Instant> startOf(ProcessHandle process) {
    return process.info().startInstant();
  }
}
