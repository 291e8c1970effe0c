package dev.gitblobs.ops.migrate.sql;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What D1 refuses and a plain SQLite takes: its authorizer's rules, as its runtime applies them. A
 * test asks the real one about each.
 */
public final class D1Refusals {
  /** How a pragma may be written. */
  private enum Form {
    /** Without a value. */
    BARE,
    /** Without or with a switch: on, off, true, false, yes, no, a number. */
    SWITCH,
    /** With the name of a table or an index. */
    NAMED,
    /** Without anything, or with a name. */
    ANY
  }

  private static final Map<String, Form> PRAGMAS =
      Map.ofEntries(
          Map.entry("case_sensitive_like", Form.SWITCH),
          Map.entry("data_version", Form.BARE),
          Map.entry("defer_foreign_keys", Form.SWITCH),
          Map.entry("foreign_key_check", Form.ANY),
          Map.entry("foreign_key_list", Form.NAMED),
          Map.entry("foreign_keys", Form.SWITCH),
          Map.entry("ignore_check_constraints", Form.SWITCH),
          Map.entry("index_info", Form.NAMED),
          Map.entry("index_list", Form.NAMED),
          Map.entry("index_xinfo", Form.NAMED),
          Map.entry("legacy_alter_table", Form.SWITCH),
          Map.entry("optimize", Form.ANY),
          Map.entry("page_size", Form.BARE),
          Map.entry("quick_check", Form.ANY),
          Map.entry("recursive_triggers", Form.SWITCH),
          Map.entry("reverse_unordered_selects", Form.SWITCH),
          Map.entry("table_info", Form.NAMED),
          Map.entry("table_list", Form.ANY),
          Map.entry("table_xinfo", Form.NAMED));

  private static final Set<String> SWITCHES =
      Set.of("on", "off", "true", "false", "yes", "no", "full");

  private static final Set<String> MODULES = Set.of("fts5", "fts5vocab", "rtree");

  /** Functions that plain builds of SQLite have, and D1 has not or does not let anybody use. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "atn2",
          "ceiling",
          "charindex",
          "cot",
          "coth",
          "difference",
          "fts3_tokenizer",
          "fts5_get_locale",
          "fts5_insttoken",
          "fts5_source_id",
          "json_array_insert",
          "json_error_position",
          "json_pretty",
          "jsonb_array_insert",
          "leftstr",
          "load_extension",
          "log10",
          "lower_quartile",
          "matchinfo",
          "median",
          "mode",
          "padc",
          "padl",
          "padr",
          "percentile",
          "percentile_cont",
          "percentile_disc",
          "proper",
          "regexp",
          "replicate",
          "reverse",
          "rightstr",
          "rtreedepth",
          "soundex",
          "sqlite_compileoption_get",
          "sqlite_compileoption_used",
          "sqlite_source_id",
          "sqlite_version",
          "square",
          "stdev",
          "strfilter",
          "subtype",
          "unistr",
          "unistr_quote",
          "upper_quartile",
          "variance");

  /** After these a name with a parenthesis is no function. */
  private static final Set<String> BEFORE_NAMES =
      Set.of("TABLE", "INTO", "REFERENCES", "ON", "EXISTS", "VIEW", "USING", "WITH", "AS", "INDEX");

  private static final Set<String> VERBS =
      Set.of(
          "ALTER", "ANALYZE", "CREATE", "DELETE", "DROP", "EXPLAIN", "INSERT", "PRAGMA", "REINDEX",
          "REPLACE", "SELECT", "UPDATE", "VALUES", "WITH");

  private final List<SqlToken> tokens;

  private D1Refusals(SqlStatement statement) {
    this.tokens = statement.tokens();
  }

  /**
   * Why D1 refuses that statement, as a short phrase; empty when it is not one of these.
   * Transactions, ATTACH and VACUUM are {@link SchemaChange}s of their own.
   */
  public static Optional<String> of(SqlStatement statement) {
    return new D1Refusals(statement).find();
  }

  private Optional<String> find() {
    String verb = word(0);
    if (!VERBS.contains(verb)) {
      return Optional.of("'" + tokens.get(0).text() + "' begins no SQL statement");
    }
    Optional<String> refusal =
        switch (verb) {
          case "PRAGMA" -> pragma();
          case "CREATE" -> create();
          case "ALTER" -> rename();
          default -> Optional.empty();
        };
    return refusal.or(this::temporary).or(this::function);
  }

  private Optional<String> pragma() {
    int at = tokens.size() > 2 && tokens.get(2).isSign('.') ? 3 : 1;
    String name = at < tokens.size() ? tokens.get(at).name() : "";
    Form form = PRAGMAS.get(name);
    String value = at + 2 < tokens.size() ? tokens.get(at + 2).name() : "";
    boolean isAllowed =
        form != null
            && switch (form) {
              case BARE -> value.isEmpty();
              case SWITCH -> value.isEmpty() || isSwitch(value);
              case NAMED -> !value.isEmpty();
              case ANY -> true;
            };
    if (isAllowed) {
      return Optional.empty();
    }
    return Optional.of("PRAGMA " + name + (form == null ? "" : " in this form"));
  }

  private static boolean isSwitch(String value) {
    return SWITCHES.contains(value) || value.matches("\\d+");
  }

  private Optional<String> create() {
    if (word(1).equals("TEMP") || word(1).equals("TEMPORARY")) {
      return Optional.of("CREATE " + word(1) + ": D1 has no temporary objects");
    }
    for (int i = 1; i + 1 < tokens.size(); i++) {
      if (word(i).equals("USING") && word(1).equals("VIRTUAL")) {
        String module = tokens.get(i + 1).name();
        return MODULES.contains(module)
            ? reserved(createdName())
            : Optional.of("CREATE VIRTUAL TABLE USING " + module);
      }
    }
    return reserved(createdName());
  }

  /** The name behind CREATE, its kind and IF NOT EXISTS. */
  private String createdName() {
    int at = 1;
    while (at < tokens.size()
        && Set.of("UNIQUE", "VIRTUAL", "TABLE", "INDEX", "VIEW", "TRIGGER").contains(word(at))) {
      at++;
    }
    if (word(at).equals("IF")) {
      at += 3;
    }
    if (at + 2 < tokens.size() && tokens.get(at + 1).isSign('.')) {
      at += 2;
    }
    return at < tokens.size() ? tokens.get(at).name() : "";
  }

  private Optional<String> rename() {
    for (int i = 2; i + 2 < tokens.size(); i++) {
      if (word(i).equals("RENAME") && word(i + 1).equals("TO")) {
        return reserved(tokens.get(i + 2).name());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> reserved(String name) {
    return name.startsWith("_cf_")
        ? Optional.of("Names that begin with _cf_ are reserved: " + name)
        : Optional.empty();
  }

  private Optional<String> temporary() {
    for (int i = 1; i + 1 < tokens.size(); i++) {
      if (word(i).equals("TEMP") && tokens.get(i + 1).isSign('.')) {
        return Optional.of("temp.: D1 has no temporary objects");
      }
      if (tokens.get(i).kind() == SqlToken.Kind.WORD
          && tokens.get(i).name().startsWith("_cf_")
          && Set.of("FROM", "INTO", "UPDATE", "TABLE", "JOIN").contains(word(i - 1))) {
        return reserved(tokens.get(i).name());
      }
    }
    return Optional.empty();
  }

  private Optional<String> function() {
    for (int i = 1; i + 1 < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      if (token.kind() == SqlToken.Kind.WORD
          && tokens.get(i + 1).isSign('(')
          && FUNCTIONS.contains(token.name())
          && !BEFORE_NAMES.contains(word(i - 1))
          && !tokens.get(i - 1).isSign('.')) {
        return Optional.of("The function " + token.name());
      }
    }
    return Optional.empty();
  }

  private String word(int at) {
    return at >= 0 && at < tokens.size() && tokens.get(at).kind() == SqlToken.Kind.WORD
        ? tokens.get(at).text().toUpperCase(Locale.ROOT)
        : "";
  }
}
