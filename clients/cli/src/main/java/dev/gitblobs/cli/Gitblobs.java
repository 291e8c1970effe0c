package dev.gitblobs.cli;

import dev.gitblobs.client.Author;
import dev.gitblobs.client.GitBlobsException;
import dev.gitblobs.client.Repository;
import dev.gitblobs.client.folder.WorkingFolder;
import dev.gitblobs.client.json.Json;
import dev.gitblobs.client.object.Hash;
import dev.gitblobs.client.store.FileStore;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The command line: global options, and the commands below it. */
@Command(
    name = "gitblobs",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Keeps files with their history in a GitBlobsDB store.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gitblobs --store notes init",
      "  gitblobs --store notes add todo.txt -m \"first note\"",
      "  gitblobs --store notes log --graph",
      "",
      "The store is --store DIR, else $GITBLOBS_STORE, else the current directory.",
      "Exit status: 0 done, 1 failed, 2 wrong usage."
    })
final class Gitblobs implements Runnable {
  private final Terminal terminal;
  private final Output output;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The store's folder.")
  private @Nullable Path storeOption;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON with stable fields in place of text for people.")
  private boolean json;

  @Option(
      names = "--stack-trace",
      scope = ScopeType.INHERIT,
      description = "Print where in the program a failure happened.")
  private boolean stackTrace;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Trust the certificates in this file (PEM) as well, beside the system's; as"
              + " $NODE_EXTRA_CA_CERTS does.")
  private List<Path> authorities = List.of();

  private boolean isBrought;

  private Gitblobs(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal, () -> json);
  }

  /** Runs one command; returns its exit code. */
  static int run(Terminal terminal, String... args) {
    Gitblobs root = new Gitblobs(terminal);
    CommandLine line = root.commandLine(new HashSet<>(List.of(args)));
    int exit = line.execute(args);
    terminal.out().flush();
    terminal.err().flush();
    return exit;
  }

  /** Files of certificates that are trusted beside the system's. */
  List<Path> authorities() {
    return authorities.stream().map(terminal.directory()::resolve).toList();
  }

  /** All commands by name, in the order of the help. */
  private Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("init", () -> new InitCommand(this));
    commands.put("add", () -> new AddCommand(this));
    commands.put("rm", () -> new RemoveCommand(this));
    commands.put("mv", () -> new MoveCommand(this));
    commands.put("folder", () -> new FolderCommand(this));
    commands.put("commit", () -> new CommitCommand(this));
    commands.put("status", () -> new StatusCommand(this));
    commands.put("log", () -> new LogCommand(this));
    commands.put("show", () -> new ShowCommand(this));
    commands.put("cat", () -> new CatCommand(this));
    commands.put("diff", () -> new DiffCommand(this));
    commands.put("undo", () -> new UndoCommand(this));
    commands.put("revert", () -> new RevertCommand(this));
    commands.put("restore", () -> new RestoreCommand(this));
    commands.put("merge", () -> new MergeCommand(this));
    commands.put("snapshot", () -> new SnapshotCommand(this));
    commands.put("export", () -> new ExportCommand(this));
    commands.put("import", () -> new ImportCommand(this));
    commands.put("graft", () -> new GraftCommand(this));
    commands.put("verify", () -> new VerifyCommand(this));
    commands.put("config", () -> new ConfigCommand(this));
    commands.put("login", () -> new LoginCommand(this));
    commands.put("passwd", () -> new PasswdCommand(this));
    commands.put("logout", () -> new LogoutCommand(this));
    commands.put("whoami", () -> new WhoAmICommand(this));
    commands.put("remote", () -> new RemoteCommand(this));
    commands.put("stores", () -> new StoresCommand(this));
    commands.put("clone", () -> new CloneCommand(this));
    commands.put("push", () -> new SyncCommands.Push(this));
    commands.put("pull", () -> new SyncCommands.Pull(this));
    commands.put("sync", () -> new SyncCommands.Sync(this));
    commands.put("help", CommandLine.HelpCommand::new);
    commands.put("completion", () -> new CompletionCommand(this, () -> commandLine(Set.of())));
    return commands;
  }

  /** With the commands that these words name, because describing all takes a tenth of a second. */
  private CommandLine commandLine(Set<String> words) {
    CommandLine line = new CommandLine(this);
    Map<String, Supplier<Object>> commands = commands();
    boolean isNamed = commands.keySet().stream().anyMatch(words::contains);
    boolean isVersion = words.equals(Set.of("--version"));
    commands.forEach(
        (name, command) -> {
          if (words.contains(name) || (!isNamed && !isVersion)) {
            line.addSubcommand(name, command.get());
          }
        });
    line.setColorScheme(
        Help.defaultColorScheme(terminal.isColoured() ? Help.Ansi.ON : Help.Ansi.OFF));
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setUsageHelpAutoWidth(terminal.isTerminal());
    // Not lambdas: they would keep picocli's interfaces out of the launcher's class archive.
    line.setExecutionStrategy(
        new IExecutionStrategy() {
          @Override
          public int execute(ParseResult parsed) {
            WrongUsage.refuseUnmatched(parsed);
            return withFolder(() -> new CommandLine.RunLast().execute(parsed));
          }
        });
    line.setParameterExceptionHandler(
        new IParameterExceptionHandler() {
          @Override
          public int handleParseException(ParameterException failure, String[] args) {
            json = List.of(args).contains("--json");
            return fail(new UsageException(WrongUsage.message(failure)));
          }
        });
    line.setExecutionExceptionHandler(
        new IExecutionExceptionHandler() {
          @Override
          public int handleExecutionException(
              Exception failure, CommandLine command, ParseResult parsed) {
            return fail(failure);
          }
        });
    return line;
  }

  /** A command that moves HEAD moves the store's folder, if it has one, along. */
  private int withFolder(IntSupplier command) {
    boolean isAttached = isStoreThere() && WorkingFolder.isAttached(FileStore.open(storeFolder()));
    Optional<Hash> before = isAttached ? headIfSound() : Optional.empty();
    int exit = command.getAsInt();
    if (!isAttached || isBrought || headIfSound().equals(before)) {
      return exit;
    }
    try {
      List<LeftOut> leftOut =
          WorkingFolder.of(repository())
              .map(folder -> FolderReport.leftOut(folder.bring().skipped()))
              .orElse(List.of());
      if (leftOut.isEmpty()) {
        return exit;
      }
      LeftOut.note(this, leftOut);
      throw new FailedException(
          "Not all of it could be written into the folder; see `gitblobs status`.");
    } catch (GitBlobsException | FailedException e) {
      return fail(e);
    }
  }

  /** Empty also where HEAD is damaged, which is the command's to tell. */
  private Optional<Hash> headIfSound() {
    try {
      return FileStore.open(storeFolder()).head();
    } catch (GitBlobsException e) {
      return Optional.empty();
    }
  }

  /** Without a command there is nothing to do but say so. */
  @Override
  public void run() {
    throw new UsageException("Say a command; see gitblobs --help.");
  }

  private int fail(Exception failure) {
    if (failure instanceof UsageException) {
      output.failure(String.valueOf(failure.getMessage()));
      return CommandLine.ExitCode.USAGE;
    }
    String message =
        failure instanceof GitBlobsException || failure instanceof FailedException
            ? String.valueOf(failure.getMessage())
            : "Something unexpected happened: " + failure;
    output.failure(message);
    if (stackTrace) {
      failure.printStackTrace(terminal.err());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  Terminal terminal() {
    return terminal;
  }

  Output output() {
    return output;
  }

  /** The store's folder, there or not. */
  Path storeFolder() {
    String variable = terminal.variable("GITBLOBS_STORE");
    Path folder = storeOption;
    if (folder == null) {
      folder = Path.of(variable.isEmpty() ? "" : variable);
    }
    return terminal.directory().resolve(folder).normalize();
  }

  /** For clone, which makes the folder: the one given, else --store, else this one. */
  void setStoreFolder(@Nullable Path given, Path otherwise) {
    if (given != null) {
      storeOption = given;
    } else if (storeOption == null) {
      storeOption = otherwise;
    }
  }

  Settings settings() {
    return new Settings(terminal, storeFolder());
  }

  private Author author() {
    return new Author(settings().authorName(), settings().authorEmail(), terminal.clock());
  }

  /** The store that is there. */
  Repository repository() {
    return Repository.open(storeFolder(), author());
  }

  /** The store, made when it is not there. */
  Repository createRepository() {
    return Repository.create(storeFolder(), author());
  }

  boolean isStoreThere() {
    return FileStore.isStore(storeFolder());
  }

  /** The store's folder. Throws when it has none. */
  WorkingFolder requireFolder(Repository repository) {
    return WorkingFolder.of(repository)
        .orElseThrow(
            () ->
                new FailedException(
                    "The store has no folder. Say `gitblobs folder DIR` first, or store files with"
                        + " `gitblobs add`."));
  }

  /** The folder has what HEAD has, as far as that is possible, and that is told. */
  void noteBrought() {
    isBrought = true;
  }

  /** The end of every command that has something to say: one JSON value, or text for people. */
  int done(Json result, Runnable text) {
    output.result(result, text);
    return CommandLine.ExitCode.OK;
  }

  /** The same for a command that could not do what it was asked. */
  int failed(Json result, Runnable text) {
    output.result(result, text);
    return CommandLine.ExitCode.SOFTWARE;
  }
}
