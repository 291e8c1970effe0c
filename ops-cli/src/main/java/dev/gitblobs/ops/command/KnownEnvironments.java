package dev.gitblobs.ops.command;

import dev.gitblobs.ops.environment.Environment;
import dev.gitblobs.ops.environment.OpsException;
import dev.gitblobs.ops.environment.Project;
import java.util.Iterator;
import java.util.List;

/** For completion: the environments that have a stack file; none where there is no project. */
final class KnownEnvironments implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    try {
      return Environment.known(Project.find()).iterator();
    } catch (OpsException e) {
      return List.<String>of().iterator();
    }
  }
}
