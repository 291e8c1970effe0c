package dev.gitblobs.ops.command;

import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.terminal.Terminal;

/** Says for whom a run waits. */
record WaitingLine(Terminal terminal) implements Migrator.Watcher {
  @Override
  public void waiting(String holder) {
    terminal.line("Waiting for " + holder + ", which is changing this database.");
  }
}
