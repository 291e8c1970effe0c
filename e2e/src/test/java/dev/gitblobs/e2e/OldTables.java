package dev.gitblobs.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a relay's database back to the tables before migration 0012, with all that is in it: a row
 * for each object, and pushes that list their objects in parts.
 */
final class OldTables {
  private static final String FIRST_NEW = "0012";
  private static final List<String> TABLES =
      List.of(
          "TABLE push_parts",
          "TABLE event_requests",
          "TABLE events",
          "TABLE sync_chunks",
          "TABLE sync_data",
          "TABLE refs",
          "TABLE hub_sockets",
          "TABLE removed_stores",
          "VIEW usage",
          "TABLE stores",
          "TABLE chores");

  private final LocalRelay relay;

  private OldTables(LocalRelay relay) {
    this.relay = relay;
  }

  /** An object as the new tables list it, and where its bytes are in its pack. */
  private record Listed(String type, String hash, int size, int from) {
    int end() {
      return from + (size + 2) / 3 * 4;
    }
  }

  static void bringBack(LocalRelay relay, Path migrations) throws IOException {
    new OldTables(relay).bringBack(migrations);
  }

  private void bringBack(Path migrations) throws IOException {
    JsonNode stores = relay.sql("SELECT * FROM stores");
    JsonNode packs = relay.sql("SELECT * FROM sync_data WHERE whole = 1");
    JsonNode pieces = relay.sql("SELECT * FROM sync_chunks");
    JsonNode pushes = relay.sql("SELECT * FROM events WHERE kind = 'push' ORDER BY seq");
    for (String name : TABLES) {
      relay.sql("DROP " + name);
    }
    try (Stream<Path> files = Files.list(migrations)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.compareTo("0007") >= 0 && name.compareTo(FIRST_NEW) < 0) {
          relay.sql(Files.readString(file));
        }
      }
    }
    relay.sql("DELETE FROM d1_migrations WHERE name >= '" + FIRST_NEW + "'");
    stores.forEach(this::store);
    packs.forEach(pack -> objects(pack, pieces));
    pushes.forEach(this::push);
  }

  private void store(JsonNode store) {
    relay.sql(
        "INSERT INTO stores (id, user_id, name, epoch, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        store.get("id"),
        store.get("owner_id"),
        store.get("name"),
        store.get("epoch"),
        store.get("created_at"));
    relay.sql("INSERT OR IGNORE INTO usage (user_id) VALUES (?1)", store.get("owner_id"));
  }

  private void objects(JsonNode pack, JsonNode pieces) {
    boolean isLarge = pack.get("data").isNull();
    for (Listed object : listed(pack.get("list").textValue())) {
      String data =
          isLarge ? null : pack.get("data").textValue().substring(object.from(), object.end());
      relay.sql(
          "INSERT INTO sync_data (user_id, store_id, data_type, hash, size, data, created_at,"
              + " expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
          pack.get("owner_id"),
          pack.get("store_id"),
          object.type(),
          object.hash(),
          object.size(),
          data,
          pack.get("created_at"),
          pack.get("expires_at"));
      for (JsonNode piece : pieces) {
        if (isLarge && piece.get("pack_id").equals(pack.get("id"))) {
          relay.sql(
              "INSERT INTO sync_chunks (user_id, store_id, data_type, hash, size, \"offset\", len,"
                  + " data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
              pack.get("owner_id"),
              pack.get("store_id"),
              object.type(),
              object.hash(),
              object.size(),
              piece.get("offset"),
              piece.get("len"),
              piece.get("data"));
        }
      }
    }
  }

  private void push(JsonNode event) {
    relay.sql(
        "INSERT INTO events (store_id, seq, user_id, kind, at, expires_at, device, mid, ref, old,"
            + " new, objects, bytes) VALUES (?1, ?2, ?3, 'push', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
            + " ?12)",
        event.get("store_id"),
        event.get("seq"),
        event.get("owner_id"),
        event.get("at"),
        event.get("expires_at"),
        event.get("device"),
        event.get("mid"),
        event.get("ref"),
        event.get("old"),
        event.get("new"),
        event.get("objects"),
        event.get("bytes"));
    List<List<Object>> objects = new ArrayList<>();
    for (Listed object : listed(event.get("list").textValue())) {
      objects.add(List.of(object.type(), object.hash(), object.size()));
    }
    relay.sql(
        "INSERT INTO push_parts (store_id, device, mid, digest, count, bytes, objects, expires_at,"
            + " user_id) VALUES (?1, ?2, ?3, 'x', ?4, ?5, ?6, ?7, ?8)",
        event.get("store_id"),
        event.get("device"),
        event.get("mid"),
        objects.size(),
        event.get("bytes"),
        Launcher.JSON.valueToTree(objects).toString(),
        event.get("expires_at"),
        event.get("owner_id"));
  }

  private static List<Listed> listed(String list) {
    List<Listed> all = new ArrayList<>();
    int from = 0;
    for (JsonNode kind : read(list)) {
      int at = 0;
      for (JsonNode size : kind.get(2)) {
        String hash = kind.get(1).textValue().substring(at, at + 64);
        Listed one = new Listed(kind.get(0).textValue(), hash, size.intValue(), from);
        all.add(one);
        from = one.end();
        at += 64;
      }
    }
    return all;
  }

  private static JsonNode read(String json) {
    try {
      return Launcher.JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
