package dev.gitblobs.ops.command;

import picocli.CommandLine.Command;

/** {@code relayctl keys}. */
@Command(
    name = "keys",
    description = "List, rotate and rewrap the keys that sign access tokens.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {KeysListCommand.class, KeysRotateCommand.class, KeysRewrapCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  relayctl keys list --env prod",
      "  relayctl keys rotate --env prod",
      "  relayctl keys rotate --env prod --emergency"
    })
final class KeysCommand {}
