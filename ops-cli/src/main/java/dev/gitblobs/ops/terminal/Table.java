package dev.gitblobs.ops.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of text in columns that are as wide as they have to be. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these headings. */
  public Table(String... headings) {
    rows.add(List.of(headings).stream().map(text -> text.toUpperCase(Locale.ROOT)).toList());
  }

  /** Adds a row: as many cells as there are headings. Control characters are shown, not obeyed. */
  public Table row(String... cells) {
    rows.add(List.of(cells).stream().map(Table::visible).toList());
    return this;
  }

  /** Prints it, its headings dim. */
  public void print(Terminal terminal) {
    for (int i = 0; i < rows.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < rows.get(i).size(); column++) {
        String cell = rows.get(i).get(column);
        line.append(cell).append(" ".repeat(width(column) - cell.length() + 2));
      }
      String text = line.toString().stripTrailing();
      terminal.line(i == 0 ? terminal.dim(text) : text);
    }
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  /** Text from users and servers, so that none of it can steer the terminal. */
  public static String visible(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "\uFFFD");
  }
}
