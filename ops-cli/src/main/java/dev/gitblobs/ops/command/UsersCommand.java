package dev.gitblobs.ops.command;

import picocli.CommandLine.Command;

/** {@code relayctl users}. */
@Command(
    name = "users",
    description = "List, add, disable, enable and remove users; reset passwords; end sessions.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      UsersListCommand.class,
      UsersAddCommand.class,
      UsersDisableCommand.class,
      UsersEnableCommand.class,
      UsersResetPasswordCommand.class,
      UsersSessionsCommand.class,
      UsersRemoveCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl users list --env prod",
      "  relayctl users add ada --role admin",
      "  relayctl users sessions ada --end"
    })
final class UsersCommand {}
