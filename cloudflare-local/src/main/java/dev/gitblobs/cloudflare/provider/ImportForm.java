package dev.gitblobs.cloudflare.provider;

/**
 * The form of a type's import ids, such as {@code accountId/id} or {@code scope/id}, where the
 * scope is {@code accounts/ACCOUNT_ID} or {@code zones/ZONE_ID}.
 */
record ImportForm(String form) {
  /**
   * Takes an import id apart.
   *
   * @throws IllegalArgumentException telling the right form
   */
  ResourceType.State parse(String importId, String idFrom) {
    var names = form.split("/", -1);
    var parts = importId.split("/", -1);
    var scoped = names[0].equals("scope");
    if (parts.length != names.length + (scoped ? 1 : 0)) {
      throw wrong(importId);
    }
    var inputs = Json.object();
    var at = 0;
    if (scoped) {
      if (!parts[0].equals("accounts") && !parts[0].equals("zones")) {
        throw wrong(importId);
      }
      inputs.put(parts[0].equals("accounts") ? "accountId" : "zoneId", parts[1]);
      at = 1;
    }
    var id = parts[parts.length - 1];
    for (var i = scoped ? 1 : 0; i < names.length; i++) {
      if (!names[i].equals("id")) {
        inputs.put(names[i], parts[i + at]);
      }
    }
    return new ResourceType.State(inputs.path(idFrom).asText(id), inputs);
  }

  private IllegalArgumentException wrong(String importId) {
    var shown = form.replace("scope", "accounts|zones/ID");
    return new IllegalArgumentException(
        "The import id \"" + importId + "\" must have the form " + shown);
  }
}
