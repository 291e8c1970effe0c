package dev.gitblobs.ops.wrangler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.gitblobs.ops.environment.OpsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code wrangler.toml}, {@code wrangler.json} or {@code wrangler.jsonc}, as far as migrations are
 * concerned (https://developers.cloudflare.com/workers/wrangler/configuration/#d1-databases).
 */
public final class WranglerFile {
  private static final String DEFAULT_FOLDER = "migrations";
  private static final String DEFAULT_LEDGER = "d1_migrations";
  private static final String PLAIN = "*.sql";

  private final Path file;
  private final JsonNode settings;

  private WranglerFile(Path file, JsonNode settings) {
    this.file = file;
    this.settings = settings;
  }

  /**
   * Reads the file, or in a folder the one that wrangler would take.
   *
   * @throws OpsException when there is none, or it cannot be read
   */
  public static WranglerFile read(Path fileOrFolder) {
    Path file = find(fileOrFolder).toAbsolutePath().normalize();
    try {
      JsonNode settings = mapper(file).readTree(Files.readString(file));
      return new WranglerFile(file, settings);
    } catch (JsonProcessingException e) {
      throw new OpsException(
          file + ", line " + line(e) + ": " + e.getOriginalMessage(), "Mend the file.", e);
    } catch (IOException e) {
      throw new OpsException("Could not read " + file + ".", "Check that it is there.", e);
    }
  }

  /**
   * The database of that binding or name.
   *
   * @param bindingOrName null when the settings have only one
   * @param environment the named environment of the settings; null for the top level
   * @throws OpsException when there is none, or more than one and none was named
   */
  public WranglerDatabase database(@Nullable String bindingOrName, @Nullable String environment) {
    JsonNode place = environment == null ? settings : settings.path("env").path(environment);
    if (place.isMissingNode()) {
      throw OpsException.usage(
          file + " has no environment '" + environment + "'.",
          "It has: " + names(settings.path("env")) + ".");
    }
    List<JsonNode> found = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (JsonNode database : place.path("d1_databases")) {
      all.add(database.path("binding").asText());
      boolean isMeant =
          bindingOrName == null
              || bindingOrName.equals(database.path("binding").asText())
              || bindingOrName.equals(database.path("database_name").asText());
      if (isMeant) {
        found.add(database);
      }
    }
    if (found.size() != 1) {
      throw OpsException.usage(
          all.isEmpty()
              ? file + " has no d1_databases" + in(environment) + "."
              : bindingOrName == null
                  ? file + " has more than one D1 database" + in(environment) + "."
                  : file + " has no D1 database '" + bindingOrName + "'" + in(environment) + ".",
          all.isEmpty()
              ? "Name the file, or with --wrangler-env the environment, that has."
              : "Name one by --binding: " + String.join(", ", all) + ".");
    }
    return database(found.get(0), place);
  }

  private WranglerDatabase database(JsonNode one, JsonNode place) {
    String folder = normalized(one.path("migrations_dir").asText(DEFAULT_FOLDER));
    Path base = file.resolveSibling(folder).normalize();
    return new WranglerDatabase(
        one.path("binding").asText(),
        text(one, "database_id"),
        text(one, "database_name"),
        text(place, "account_id") == null
            ? text(settings, "account_id")
            : text(place, "account_id"),
        base,
        pattern(one, folder),
        one.path("migrations_table").asText(DEFAULT_LEDGER));
  }

  /** Wrangler writes the folder in front of the pattern; here it is left out. */
  private String pattern(JsonNode one, String folder) {
    String pattern = text(one, "migrations_pattern");
    if (pattern == null) {
      return PLAIN;
    }
    String prefix = folder.isEmpty() ? "" : folder + "/";
    String normalized = normalized(pattern);
    if (!one.hasNonNull("migrations_dir") || !normalized.startsWith(prefix)) {
      throw new OpsException(
          file + ": migrations_pattern is " + pattern + ", which is not below migrations_dir.",
          "Set migrations_dir, and begin migrations_pattern with it.");
    }
    return normalized.substring(prefix.length());
  }

  private static String normalized(String path) {
    String normal = Path.of(path.replace('\\', '/')).normalize().toString().replace('\\', '/');
    return normal.equals(".") ? "" : normal;
  }

  private static @Nullable String text(JsonNode node, String name) {
    String text = node.path(name).asText("");
    return text.isBlank() ? null : text;
  }

  private static String in(@Nullable String environment) {
    return environment == null ? "" : " in the environment '" + environment + "'";
  }

  private static String names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private static Path find(Path fileOrFolder) {
    if (!Files.isDirectory(fileOrFolder)) {
      return fileOrFolder;
    }
    for (String name : List.of("wrangler.json", "wrangler.jsonc", "wrangler.toml")) {
      if (Files.exists(fileOrFolder.resolve(name))) {
        return fileOrFolder.resolve(name);
      }
    }
    throw new OpsException(
        "There is no wrangler.json, wrangler.jsonc or wrangler.toml in " + fileOrFolder + ".",
        "Name the file by --wrangler.");
  }

  private static ObjectMapper mapper(Path file) {
    return file.toString().endsWith(".toml")
        ? new TomlMapper()
        : JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
  }
}
