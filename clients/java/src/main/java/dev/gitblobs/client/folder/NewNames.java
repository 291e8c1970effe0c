package dev.gitblobs.client.folder;

import dev.gitblobs.client.object.FilePath;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** Decides which new files of a folder can have their names beside those that the store has. */
final class NewNames {
  private final NavigableSet<String> names = new TreeSet<>(FilePath.ORDER);

  /** Files and directories as systems see them that know no case, each as it is spelled. */
  private final Map<String, String> spelled = new HashMap<>();

  NewNames(Collection<String> known) {
    known.forEach(this::add);
  }

  private void add(String path) {
    names.add(path);
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      String part = path.substring(0, end);
      if (spelled.putIfAbsent(folded(part), part) != null) {
        return; // so those above are there too
      }
    }
  }

  /** Takes the name in, or says why the file cannot be stored. */
  Optional<String> refusal(String path) {
    Optional<String> refusal = FilePath.refusal(path, names).or(() -> clash(path));
    if (refusal.isEmpty()) {
      add(path);
    }
    return refusal;
  }

  /** Other devices could have only one of the two. */
  private Optional<String> clash(String path) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      String part = path.substring(0, end);
      String other = spelled.getOrDefault(folded(part), part);
      if (!other.equals(part)) {
        return Optional.of(
            "many systems take its name for that of " + other + "; rename one of them");
      }
    }
    return Optional.empty();
  }

  private static String folded(String name) {
    String upper = Normalizer.normalize(name, Normalizer.Form.NFC).toUpperCase(Locale.ROOT);
    return Normalizer.normalize(upper.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
  }
}
