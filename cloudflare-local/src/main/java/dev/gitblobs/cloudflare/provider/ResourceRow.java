package dev.gitblobs.cloudflare.provider;

import java.util.Set;

/** Writes a row of {@link ResourceTypes}; each list is empty unless it is named. */
final class ResourceRow {
  private final String token;
  private Shape shape = Shape.of("");
  private Set<String> required = Set.of();
  private Set<String> replacing = Set.of();
  private Set<String> addressing = Set.of();
  private Set<String> writeOnly = Set.of();
  private Set<String> chosen = Set.of();
  private Set<String> computed = Set.of();
  private Set<String> changing = Set.of();
  private String create = "";
  private String collection = "";
  private String item = "";
  private String update = "";
  private String bareInput = "";
  private JsonResource.Twin twin = new JsonResource.Twin("", false);
  private boolean deletes = true;
  private boolean deletedFirst;

  ResourceRow(String name) {
    this.token = "cloudflare:index/" + name;
  }

  ResourceRow shape(String fields) {
    shape = Shape.of(fields);
    return this;
  }

  ResourceRow required(String... names) {
    required = Set.of(names);
    return this;
  }

  ResourceRow replacing(String... names) {
    replacing = Set.of(names);
    return this;
  }

  ResourceRow addressing(String... names) {
    addressing = Set.of(names);
    return this;
  }

  ResourceRow writeOnly(String... names) {
    writeOnly = Set.of(names);
    return this;
  }

  ResourceRow chosen(String... names) {
    chosen = Set.of(names);
    return this;
  }

  ResourceRow computed(String... names) {
    computed = Set.of(names);
    return this;
  }

  ResourceRow changing(String... names) {
    changing = Set.of(names);
    return this;
  }

  ResourceRow collection(String method, String path) {
    create = method;
    collection = path;
    return this;
  }

  ResourceRow item(String path, String updateMethod) {
    item = path;
    update = updateMethod;
    return this;
  }

  ResourceRow bareInput(String name) {
    bareInput = name;
    return this;
  }

  /** The API refuses a second one with the same value of this field. */
  ResourceRow unique(String field) {
    twin = new JsonResource.Twin(field, false);
    return this;
  }

  /** The API makes a second one, so that one with the same value is looked for before. */
  ResourceRow lookedForBy(String field) {
    twin = new JsonResource.Twin(field, true);
    return this;
  }

  ResourceRow forgotten() {
    deletes = false;
    return this;
  }

  ResourceRow deletedFirst() {
    deletedFirst = true;
    return this;
  }

  ResourceType id(String idFrom, String importForm) {
    return new JsonResource(
        token,
        new Properties(
            shape, required, replacing, addressing, writeOnly, chosen, computed, changing),
        new JsonResource.Calls(
            create, new ApiPath(collection), new ApiPath(item), update, deletes, bareInput, twin),
        idFrom,
        new ImportForm(importForm),
        deletedFirst);
  }
}
