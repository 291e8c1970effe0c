/**
 * Ends what this process started when it ends itself, however that happens: a kill -9 included. A shell waits for the
 * end of its standard input, which is a pipe from here, and then kills the processes that were named to it.
 *
 * To be imported before anything that starts processes.
 */
import childProcess from "node:child_process";

const watch = `
  trap '' INT TERM HUP
  pids=' '
  while read -r pid; do
    case $pid in
      -*) pids=$(printf '%s' "$pids" | sed "s/ \${pid#-} / /") ;;
      *) pids="$pids$pid " ;;
    esac
  done
  for pid in $pids; do kill -9 "$pid"; done 2> /dev/null`;

const { spawn } = childProcess;
const watcher = spawn("/bin/sh", ["-c", watch], { stdio: ["pipe", "ignore", "ignore"] });
watcher.on("error", (error) => process.stderr.write(`nobody watches for orphans: ${error}\n`));
watcher.stdin.on("error", () => {});
watcher.unref();

childProcess.spawn = (...args) => {
  const child = spawn(...args);
  if (child.pid !== undefined) {
    watcher.stdin.write(`${child.pid}\n`);
    child.once("exit", () => watcher.stdin.write(`-${child.pid}\n`));
  }
  return child;
};
