package dev.gitblobs.ops.provision;

import dev.gitblobs.ops.migrate.Migrator;
import dev.gitblobs.ops.migrate.Step;
import dev.gitblobs.ops.migrate.file.Migration;
import dev.gitblobs.ops.terminal.Terminal;
import java.util.List;

/** Says what a run waits for, and what it has applied as soon as that is committed. */
public record RunProgress(Terminal terminal) implements Migrator.Watcher {
  @Override
  public void waiting(String holder) {
    terminal.line("Waiting for " + holder + ", which is changing this database.");
  }

  @Override
  public void at(Step step) {
    if (step == Step.IMPORT_BEGUN) {
      terminal.progress("Importing, which may take a while");
    }
  }

  @Override
  public void applied(List<Migration> now, int done, int all) {
    now.forEach(one -> terminal.line(terminal.green("✓ ") + one.name()));
    if (done < all) {
      terminal.progress(done + " of " + all);
    }
  }
}
