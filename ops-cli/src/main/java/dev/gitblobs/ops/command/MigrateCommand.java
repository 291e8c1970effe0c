package dev.gitblobs.ops.command;

import picocli.CommandLine.Command;

/** {@code relayctl migrate}. */
@Command(
    name = "migrate",
    description = "Look at, judge and apply migrations of the database.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      MigrateInfoCommand.class,
      MigrateUpCommand.class,
      MigrateLintCommand.class,
      MigrateNewCommand.class,
      MigrateRepairCommand.class,
      MigrateBaselineCommand.class,
      MigrateRestoreCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl migrate info --env prod",
      "  relayctl migrate up --env staging --dry-run",
      "  relayctl migrate new \"add an index for logins\""
    })
final class MigrateCommand {}
