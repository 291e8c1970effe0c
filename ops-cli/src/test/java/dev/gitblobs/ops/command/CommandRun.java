package dev.gitblobs.ops.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gitblobs.ops.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One command that ran in this process, with what it printed. */
record CommandRun(int exit, String out, String err) {
  static CommandRun of(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Relayctl.commandLine(words).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exit = Relayctl.execute(line, words);
    line.getOut().flush();
    line.getErr().flush();
    return new CommandRun(exit, out.toString(), err.toString());
  }

  JsonNode json() {
    try {
      return Json.MAPPER.readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + this, e);
    }
  }
}
