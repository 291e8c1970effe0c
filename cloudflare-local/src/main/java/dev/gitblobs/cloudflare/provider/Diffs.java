package dev.gitblobs.cloudflare.provider;

import java.util.List;
import pulumirpc.Provider.DiffResponse;
import pulumirpc.Provider.PropertyDiff;

/** Tells the engine about differences in its own terms. */
final class Diffs {
  private Diffs() {}

  static DiffResponse response(List<Changes.Change> changes, boolean deleteBeforeReplace) {
    var response =
        DiffResponse.newBuilder()
            .setHasDetailedDiff(true)
            .setChanges(
                changes.isEmpty()
                    ? DiffResponse.DiffChanges.DIFF_NONE
                    : DiffResponse.DiffChanges.DIFF_SOME);
    for (var change : changes) {
      var property = change.path().split("[.\\[]", 2)[0];
      response.addDiffs(property);
      if (change.replaces()) {
        response.addReplaces(property).setDeleteBeforeReplace(deleteBeforeReplace);
      }
      response.putDetailedDiff(
          change.path(),
          PropertyDiff.newBuilder().setKind(kind(change)).setInputDiff(true).build());
    }
    return response.build();
  }

  private static PropertyDiff.Kind kind(Changes.Change change) {
    return switch (change.kind()) {
      case ADDED -> change.replaces() ? PropertyDiff.Kind.ADD_REPLACE : PropertyDiff.Kind.ADD;
      case REMOVED ->
          change.replaces() ? PropertyDiff.Kind.DELETE_REPLACE : PropertyDiff.Kind.DELETE;
      case CHANGED ->
          change.replaces() ? PropertyDiff.Kind.UPDATE_REPLACE : PropertyDiff.Kind.UPDATE;
    };
  }
}
