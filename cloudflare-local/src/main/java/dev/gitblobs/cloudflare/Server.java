package dev.gitblobs.cloudflare;

import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.account.Identity;
import dev.gitblobs.cloudflare.account.StateFolder;
import dev.gitblobs.cloudflare.api.AccountGatekeeper;
import dev.gitblobs.cloudflare.api.CloudflareApi;
import dev.gitblobs.cloudflare.api.Plans;
import dev.gitblobs.cloudflare.api.Ports;
import dev.gitblobs.cloudflare.http.ApiServer;
import dev.gitblobs.cloudflare.http.Faults;
import dev.gitblobs.cloudflare.http.Journal;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.provider.ProviderServer;
import dev.gitblobs.cloudflare.runtime.D1Limits;
import dev.gitblobs.cloudflare.runtime.RuntimeFailure;
import dev.gitblobs.cloudflare.runtime.RuntimeFiles;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** cloudflare-local as a whole: account, runtime, API, provider. */
final class Server implements AutoCloseable {
  // What the genuine provider accepts as a token.
  private static final Pattern TOKEN = Pattern.compile("[0-9A-Za-z_-]{40,80}");

  private final Parts parts;
  private final Instance instance;

  private Server(Parts parts, Instance instance) {
    this.parts = parts;
    this.instance = instance;
  }

  /**
   * Starts everything; returns when scripts answer and {@code instance.json} tells where. When a
   * part does not start, those before it are closed again.
   *
   * @throws StartFailure with what to do about it
   */
  static Server start(ServeOptions options, Clock clock) throws IOException {
    Parts parts = new Parts();
    try {
      return new Server(parts, start(options, clock, parts));
    } catch (IOException | RuntimeException e) {
      try {
        parts.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private static Instance start(ServeOptions options, Clock clock, Parts parts) throws IOException {
    StateFolder folder = new StateFolder(options.state());
    FileChannel lock = lock(folder);
    parts.opened(lock::close);
    folder.delete(Instance.FILE);
    parts.opened(() -> folder.delete(Instance.FILE));
    Account account = Account.open(folder, clock, token(options));
    sweep(account);
    WorkersRuntime runtime = runtime(options, folder, account, parts);
    Faults faults = new Faults();
    Journal journal = new Journal();
    CloudflareApi calls = new CloudflareApi(account, runtime, faults, journal, clock);
    parts.opened(calls::close);
    ApiServer api = api(options, account, calls.router(), faults, journal, clock);
    parts.opened(api::close);
    ProviderServer provider = provider(account.identity().providerPort());
    parts.opened(provider::close);
    Identity identity = account.identity();
    account.changeIdentity(identity.withPorts(api.port(), provider.port(), identity.frontPort()));
    Instance instance = instance(account.identity(), clock);
    folder.write(Instance.FILE, instance);
    return instance;
  }

  /** Nothing runs yet that could read a module: what is unused now may go at once. */
  private static void sweep(Account account) {
    account.sweep();
    account.sweep();
  }

  private static FileChannel lock(StateFolder folder) throws IOException {
    Path file = folder.path("lock");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    FileLock held = channel.tryLock();
    if (held == null) {
      channel.close();
      throw new StartFailure(
          "Another cloudflare-local is serving "
              + file.getParent()
              + " (see "
              + Instance.FILE
              + " there). Stop it, or choose another --state folder.");
    }
    return channel;
  }

  private static Optional<String> token(ServeOptions options) throws IOException {
    if (options.tokenFile().isEmpty()) {
      return Optional.empty();
    }
    Path file = options.tokenFile().get();
    String token = Files.readString(file).strip();
    if (!TOKEN.matcher(token).matches()) {
      throw new StartFailure(
          "The token in " + file + " must have 40 to 80 characters of A-Z a-z 0-9 _ and -.");
    }
    return Optional.of(token);
  }

  private static WorkersRuntime runtime(
      ServeOptions options, StateFolder folder, Account account, Parts parts) throws IOException {
    RuntimeFiles files =
        new RuntimeFiles(
            options.node(),
            options.runtime(),
            folder.folder("storage"),
            folder.path("runtime.pids"));
    WorkersRuntime runtime =
        new WorkersRuntime(
            files,
            Identity.freshToken(),
            new Plans(account)::all,
            D1Limits.PRODUCTION.withEnforced(options.d1Limits()));
    parts.opened(runtime::close);
    try {
      runtime.endLeftovers();
      Ports.settle(account);
      runtime.start();
      return runtime;
    } catch (RuntimeFailure e) {
      throw new StartFailure("The runtime did not start: " + e.getMessage(), e);
    }
  }

  /** On the port asked for; else on that of last time, or any when that is taken now. */
  private static ApiServer api(
      ServeOptions options,
      Account account,
      Router router,
      Faults faults,
      Journal journal,
      Clock clock)
      throws IOException {
    AccountGatekeeper gatekeeper = new AccountGatekeeper(account);
    int port = options.port().orElse(account.identity().apiPort());
    try {
      return ApiServer.start(port, router, gatekeeper, faults, journal, clock);
    } catch (BindException e) {
      if (options.port().isPresent()) {
        throw new StartFailure(
            "Port " + port + " is taken. Choose another --port, or leave it out for a free one.",
            e);
      }
      return ApiServer.start(0, router, gatekeeper, faults, journal, clock);
    }
  }

  private static ProviderServer provider(int port) throws IOException {
    try {
      return ProviderServer.start(port);
    } catch (IOException e) {
      return ProviderServer.start(0);
    }
  }

  private static Instance instance(Identity identity, Clock clock) {
    return new Instance(
        ProcessHandle.current().pid(),
        "http://127.0.0.1:" + identity.apiPort() + ApiServer.ROOT,
        identity.providerPort(),
        identity.frontPort(),
        identity.accountId(),
        identity.zoneId(),
        identity.zoneName(),
        identity.apiToken(),
        Main.version(),
        clock.millis());
  }

  Instance instance() {
    return instance;
  }

  /** Stops everything; the state stays. */
  @Override
  public void close() throws IOException {
    parts.close();
  }
}
