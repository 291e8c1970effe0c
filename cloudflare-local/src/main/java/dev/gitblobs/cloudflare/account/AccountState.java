package dev.gitblobs.cloudflare.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the account holds, as one immutable value: one write makes one change durable.
 *
 * @param databases by uuid
 * @param scripts by name
 * @param zones by id
 * @param routes by id
 * @param documents objects that are only stored and told again, by collection, then by id
 */
public record AccountState(
    Map<String, Database> databases,
    Map<String, Script> scripts,
    Map<String, Zone> zones,
    Map<String, Route> routes,
    Map<String, Map<String, ObjectNode>> documents) {

  static AccountState empty() {
    return new AccountState(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  /** The script of that name. */
  public Optional<Script> script(String name) {
    return Optional.ofNullable(scripts.get(name));
  }

  /** The same with this database, in place of one with its id. */
  public AccountState with(Database database) {
    return new AccountState(
        Maps.with(databases, database.uuid(), database), scripts, zones, routes, documents);
  }

  /** The same with this script, in place of one with its name. */
  public AccountState with(Script script) {
    return new AccountState(
        databases, Maps.with(scripts, script.name(), script), zones, routes, documents);
  }

  /** The same with this zone, in place of one with its id. */
  public AccountState with(Zone zone) {
    return new AccountState(
        databases, scripts, Maps.with(zones, zone.id(), zone), routes, documents);
  }

  /** The same with this route, in place of one with its id. */
  public AccountState with(Route route) {
    return new AccountState(
        databases, scripts, zones, Maps.with(routes, route.id(), route), documents);
  }

  /** The same with these routes, by id, in place of all. */
  public AccountState withRoutes(Map<String, Route> changed) {
    return new AccountState(databases, scripts, zones, changed, documents);
  }

  /** The same with these documents of a collection, by id, in place of all of them. */
  public AccountState withDocuments(String collection, Map<String, ObjectNode> changed) {
    return new AccountState(
        databases, scripts, zones, routes, Maps.with(documents, collection, changed));
  }

  /** The same without this database, if it has it. */
  public AccountState withoutDatabase(String uuid) {
    return new AccountState(Maps.without(databases, uuid), scripts, zones, routes, documents);
  }

  /** The same without this script, if it has it. */
  public AccountState withoutScript(String name) {
    return new AccountState(databases, Maps.without(scripts, name), zones, routes, documents);
  }

  /** The same without this route, if it has it. */
  public AccountState withoutRoute(String id) {
    return new AccountState(databases, scripts, zones, Maps.without(routes, id), documents);
  }

  /** The documents of a collection by id; empty for one that nobody has written to. */
  public Map<String, ObjectNode> documents(String collection) {
    return documents.getOrDefault(collection, Map.of());
  }

  /** The same with this document, in place of one with its id. */
  public AccountState withDocument(String collection, String id, ObjectNode document) {
    Map<String, ObjectNode> changed = Maps.with(documents(collection), id, document);
    return new AccountState(
        databases, scripts, zones, routes, Maps.with(documents, collection, changed));
  }

  /** The same without this document, if it has it. */
  public AccountState withoutDocument(String collection, String id) {
    Map<String, ObjectNode> changed = Maps.without(documents(collection), id);
    return new AccountState(
        databases, scripts, zones, routes, Maps.with(documents, collection, changed));
  }
}
