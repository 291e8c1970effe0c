package dev.gitblobs.cli;

import dev.gitblobs.client.object.Commit;
import dev.gitblobs.client.object.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws history as columns of lines. Each column waits for one commit; columns that wait for the
 * same one join.
 */
final class LogGraph {
  private final List<Hash> columns = new ArrayList<>();

  /** The drawing beside a commit, and the lines below it in which columns fork and join. */
  record Row(String mark, String continuation, List<String> below) {}

  Row next(Commit commit) {
    int at = columns.indexOf(commit.hash());
    if (at < 0) {
      at = columns.size();
      columns.add(commit.hash());
    }
    String mark = lines(columns.size(), at);
    List<String> below = new ArrayList<>();
    List<Hash> parents = commit.parents();
    if (parents.isEmpty()) {
      columns.remove(at);
      String gap = at < columns.size() ? closed(at) : lines(columns.size(), -1);
      return new Row(mark, lines(columns.size(), -1), gap.isBlank() ? List.of() : List.of(gap));
    }
    columns.set(at, parents.get(0));
    for (int i = 1; i < parents.size(); i++) {
      columns.add(at + i, parents.get(i));
      below.add(forked(at + i - 1));
    }
    for (int i = columns.size() - 1; i > 0; i--) {
      int target = columns.indexOf(columns.get(i));
      if (target < i) {
        columns.remove(i);
        join(i, target, below);
      }
    }
    return new Row(mark, lines(columns.size(), -1), below);
  }

  private static String lines(int count, int commit) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == commit ? "* " : "| ");
    }
    return text.toString();
  }

  /** Every column up to {@code at} goes straight down, those after it one place to the right. */
  private String forked(int at) {
    return lines(at + 1, -1).stripTrailing() + "\\ " + "\\ ".repeat(columns.size() - at - 2);
  }

  /**
   * The column that was at {@code at} goes left to {@code target}, crossing what lies between, and
   * those after it move up.
   */
  private void join(int at, int target, List<String> below) {
    below.add(lines(at, -1).stripTrailing() + "/ ".repeat(columns.size() - at + 1));
    for (int column = at - 1; column > target; column--) {
      StringBuilder line = new StringBuilder(lines(columns.size(), -1));
      line.setCharAt(2 * column - 1, '/');
      below.add(line.toString());
    }
  }

  /** The column at {@code at} has ended: those after it move up. */
  private String closed(int at) {
    return lines(at, -1) + " " + "/ ".repeat(columns.size() - at);
  }
}
