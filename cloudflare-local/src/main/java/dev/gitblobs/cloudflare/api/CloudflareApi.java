package dev.gitblobs.cloudflare.api;

import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.http.Faults;
import dev.gitblobs.cloudflare.http.Journal;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.time.Clock;

/** All calls of the API, and what happens by the clock. */
public final class CloudflareApi implements AutoCloseable {
  private final Router router = new Router();
  private final CronTicker ticker;

  /** Registers every call; from now on crons fire. */
  public CloudflareApi(
      Account account, WorkersRuntime runtime, Faults faults, Journal journal, Clock clock) {
    D1TimeTravel timeTravel = new D1TimeTravel(account, runtime);
    Quotas quotas = new Quotas();
    Publisher publisher = new Publisher(account, runtime, quotas);
    CronTicker.Firing firing =
        (script, cron, time) -> runtime.scheduled(script, cron, time.toEpochMilli());
    ticker = new CronTicker(clock, account::state, firing, timeTravel::snapshotAll);
    new AccountsApi(account).register(router);
    new TokensApi(account).register(router);
    new D1Api(account, runtime, timeTravel, quotas).register(router);
    new ScriptsApi(account, publisher).register(router);
    new VersionsApi(account, publisher).register(router);
    new DeploymentsApi(account, publisher).register(router);
    new SecretsApi(account, publisher).register(router);
    new WorkersApi(account).register(router);
    new SettingsApi(account, publisher).register(router);
    new SchedulesApi(account, quotas).register(router);
    new SubdomainApi(account).register(router);
    new ZonesApi(account).register(router);
    new RoutesApi(account, runtime).register(router);
    new DomainsApi(account, runtime).register(router);
    new TailsApi(account, runtime).register(router);
    new DocumentsApi(account).register(router);
    new RulesetsApi(account).register(router);
    new LocalApi(account, faults, journal, quotas, firing).register(router);
    ticker.start();
  }

  /** Finds the call for a request. */
  public Router router() {
    return router;
  }

  @Override
  public void close() {
    ticker.close();
  }
}
