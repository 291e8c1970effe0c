package dev.gitblobs.client.sync;

import dev.gitblobs.client.history.Ancestry;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.object.ObjectId;
import dev.gitblobs.client.object.ObjectType;
import dev.gitblobs.client.object.Tree;
import dev.gitblobs.client.object.TreeEntry;
import dev.gitblobs.client.store.ObjectStore;
import dev.gitblobs.protocol.ClientOp;
import dev.gitblobs.protocol.Limits;
import dev.gitblobs.protocol.ObjectKey;
import dev.gitblobs.protocol.ServerOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings a commit of the relay, with all its history and files, into a store. */
final class Fetcher {
  /** How long the other devices may bring back nothing before we give up on them. */
  private static final Duration PATIENCE_FOR_DEVICES = Duration.ofSeconds(10);

  /** How often we look for what they have brought, beside being told. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final RelaySession session;
  private final ObjectStore store;
  private final Arrivals arrivals;

  Fetcher(RelaySession session, ObjectStore store, Arrivals arrivals) {
    this.session = session;
    this.store = store;
    this.arrivals = arrivals;
  }

  /**
   * All objects of the pushes after this event: one round trip for what was missed, unless it is
   * more than a page.
   *
   * @param start where an earlier fetch after the same event was cut; null for the beginning
   * @param pages told after each page where the next one begins
   */
  void fetchAfter(long seq, @Nullable String start, Consumer<String> pages) {
    page((id, next) -> new ClientOp.Fetch(id, seq, null, next), start, pages);
  }

  /**
   * Makes sure that the commit is here with all its history and files; gets what a fetch did not
   * bring. Costs as much as there is new. Returns what nobody has.
   *
   * @param known commits that are here with everything below them
   */
  Set<ObjectId> complete(Hash target, Collection<Hash> known) {
    List<Hash> commits;
    Collection<Hash> absent = List.of(target);
    do {
      Set<ObjectId> gone = obtainLine(absent);
      if (!gone.isEmpty()) {
        return gone;
      }
      commits = Ancestry.missing(store, target, known);
      absent = absentParents(commits);
    } while (!absent.isEmpty());
    Set<ObjectId> checked = new HashSet<>();
    for (Hash hash : known) {
      addFiles(store.tree(store.commit(hash).tree()), checked);
    }
    List<Hash> trees = commits.stream().map(hash -> store.commit(hash).tree()).toList();
    Set<ObjectId> gone = obtain(ids(ObjectType.TREE, trees));
    return gone.isEmpty() ? obtain(filesOf(trees, checked)) : gone;
  }

  /** Gets these commits, their absent parents, and so on. */
  private Set<ObjectId> obtainLine(Collection<Hash> starts) {
    Collection<Hash> layer = starts;
    while (!layer.isEmpty()) {
      Set<ObjectId> gone = obtain(ids(ObjectType.COMMIT, layer));
      if (!gone.isEmpty()) {
        return gone;
      }
      layer = absentParents(layer);
    }
    return Set.of();
  }

  private Set<Hash> absentParents(Collection<Hash> commits) {
    Set<Hash> absent = new LinkedHashSet<>();
    for (Hash hash : commits) {
      absent.addAll(store.commit(hash).parents());
    }
    absent.removeIf(parent -> arrivals.has(new ObjectId(ObjectType.COMMIT, parent)));
    return absent;
  }

  private static List<ObjectId> ids(ObjectType type, Iterable<Hash> hashes) {
    List<ObjectId> ids = new ArrayList<>();
    hashes.forEach(hash -> ids.add(new ObjectId(type, hash)));
    return ids;
  }

  private List<ObjectId> filesOf(List<Hash> trees, Set<ObjectId> checked) {
    List<ObjectId> files = new ArrayList<>();
    for (Hash tree : new LinkedHashSet<>(trees)) {
      Set<ObjectId> inTree = new LinkedHashSet<>();
      addFiles(store.tree(tree), inTree);
      inTree.stream().filter(checked::add).forEach(files::add);
    }
    return files;
  }

  private static void addFiles(Tree tree, Set<ObjectId> files) {
    for (TreeEntry entry : tree.entries().values()) {
      files.add(new ObjectId(ObjectType.BLOB, entry.blob()));
      if (entry.metadata() != null) {
        files.add(new ObjectId(ObjectType.METADATA, entry.metadata()));
      }
    }
  }

  /** Gets what is not here, from the relay or else from other devices; returns what nobody has. */
  private Set<ObjectId> obtain(List<ObjectId> ids) {
    List<ObjectKey> missing =
        ids.stream().filter(id -> !arrivals.has(id)).map(WireObject::key).toList();
    Set<ObjectKey> gone = getAll(missing);
    if (!gone.isEmpty()) {
      gone = getFromDevices(new ArrayList<>(gone));
    }
    Set<ObjectId> result = new LinkedHashSet<>();
    gone.forEach(key -> result.add(WireObject.id(key)));
    return result;
  }

  private Set<ObjectKey> getAll(List<ObjectKey> keys) {
    Set<ObjectKey> gone = new LinkedHashSet<>();
    for (int from = 0; from < keys.size(); from += Limits.OBJECTS_PER_OP) {
      List<ObjectKey> some =
          keys.subList(from, Math.min(keys.size(), from + Limits.OBJECTS_PER_OP));
      gone.addAll(page((id, next) -> new ClientOp.Get(id, some, next), null, next -> {}));
    }
    return gone;
  }

  private Set<ObjectKey> getFromDevices(List<ObjectKey> keys) {
    Set<ObjectKey> gone = new LinkedHashSet<>();
    for (int from = 0; from < keys.size(); from += Limits.OBJECTS_PER_OP) {
      List<ObjectKey> some =
          keys.subList(from, Math.min(keys.size(), from + Limits.OBJECTS_PER_OP));
      gone.addAll(someFromDevices(some));
    }
    return gone;
  }

  /** Asks for these and waits for as long as more and more of them come. */
  private Set<ObjectKey> someFromDevices(List<ObjectKey> keys) {
    long id = session.newId();
    session.send(List.of(new ClientOp.Need(id, keys)));
    boolean somebodyIsThere =
        session.answer(id) instanceof ServerOp.Ok ok && ok.devices() != null && ok.devices() > 0;
    Set<ObjectKey> gone = new LinkedHashSet<>(keys);
    Donor donor = new Donor(session, store);
    long deadline = System.nanoTime() + PATIENCE_FOR_DEVICES.toNanos();
    while (somebodyIsThere && !gone.isEmpty() && System.nanoTime() < deadline) {
      session.listen(LOOK);
      donor.give(); // they may need something of ours before they can give
      Set<ObjectKey> stillGone = getAll(new ArrayList<>(gone));
      if (stillGone.size() < gone.size()) {
        deadline = System.nanoTime() + PATIENCE_FOR_DEVICES.toNanos();
      }
      gone = stillGone;
    }
    return gone;
  }

  /** Sends a request and its continuations until all has arrived; returns what has expired. */
  private Set<ObjectKey> page(
      BiFunction<Long, @Nullable String, ClientOp> request,
      @Nullable String start,
      Consumer<String> pages) {
    Set<ObjectKey> gone = new LinkedHashSet<>();
    String next = start;
    do {
      int before = arrivals.count();
      long id = session.newId();
      session.send(List.of(request.apply(id, next)));
      ServerOp.Done done = receive(id);
      session.forget(id);
      gone.addAll(done.gone());
      next = done.next();
      arrivals.settle();
      if (next != null || arrivals.count() > before) {
        session.progressed();
      }
      if (next != null) {
        pages.accept(next);
      }
    } while (next != null);
    return gone;
  }

  private ServerOp.Done receive(long id) {
    while (true) {
      ServerOp answer = session.answer(id);
      if (answer instanceof ServerOp.Objects objects) {
        arrivals.take(objects);
      } else if (answer instanceof ServerOp.Part part) {
        arrivals.take(part);
      } else if (answer instanceof ServerOp.Done done) {
        return done;
      } else if (answer instanceof ServerOp.Failure failure) {
        throw RelayRefusedException.of("fetch", failure);
      }
    }
  }
}
