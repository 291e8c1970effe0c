package dev.gitblobs.cloudflare.api;

import dev.gitblobs.cloudflare.account.Account;
import dev.gitblobs.cloudflare.http.Faults;
import dev.gitblobs.cloudflare.http.Journal;
import dev.gitblobs.cloudflare.http.Router;
import dev.gitblobs.cloudflare.runtime.ScriptRunner;
import dev.gitblobs.cloudflare.runtime.WorkersRuntime;
import java.time.Clock;
import java.util.List;

/** All calls of the API, and what happens by the clock. */
public final class CloudflareApi implements AutoCloseable {
  private final Router router = new Router();
  private final CronTicker ticker;

  /** Registers every call; from now on crons fire. */
  public CloudflareApi(
      Account account, WorkersRuntime runtime, Faults faults, Journal journal, Clock clock) {
    D1TimeTravel timeTravel = new D1TimeTravel(account, runtime);
    Quotas quotas = new Quotas();
    CronTicker.Firing firing =
        (script, cron, time) -> runtime.scheduled(script, cron, time.toEpochMilli());
    ticker =
        new CronTicker(
            clock, account::state, firing, List.of(timeTravel::snapshotAll, account::sweep));
    new D1Api(account, runtime, timeTravel, quotas).register(router);
    registerAccount(router, account, runtime, quotas);
    new LocalApi(account, faults, journal, quotas, firing, runtime).register(router);
    ticker.start();
  }

  /** The calls that are answered from the account; what they change, the runner follows. */
  static void registerAccount(Router router, Account account, ScriptRunner runner, Quotas quotas) {
    Scripts scripts = new Scripts(account, runner);
    Publisher publisher = new Publisher(account, runner, scripts, quotas);
    TailsApi tails = new TailsApi(account, runner, scripts);
    new AccountsApi(account).register(router);
    new TokensApi(account).register(router);
    new ScriptsApi(account, scripts, publisher, tails).register(router);
    new VersionsApi(account, publisher).register(router);
    new DeploymentsApi(account, publisher).register(router);
    new SecretsApi(account, publisher).register(router);
    new WorkersApi(account).register(router);
    new SettingsApi(account, scripts, publisher).register(router);
    new SchedulesApi(account, scripts, quotas).register(router);
    new SubdomainApi(account, scripts).register(router);
    new ZonesApi(account).register(router);
    new RoutesApi(account, scripts).register(router);
    new DomainsApi(account, scripts).register(router);
    tails.register(router);
    new DocumentsApi(account).register(router);
    new RulesetsApi(account).register(router);
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
