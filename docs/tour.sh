#!/bin/sh
# The whole job in two minutes, on a sample store of its own: a relay comes up on this machine, two devices push, diverge
# and converge through it, an operator rotates keys, looks at migrations, cleans up and reads the status; then everything is
# taken down again. Nothing outside a temporary folder is touched. Shows every command before it runs.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
export RELAY_STATE="$work/state" XDG_CONFIG_HOME="$work/config" NO_COLOR=1
trap './relayctl down local >/dev/null 2>&1 || true; rm -rf "$work"' EXIT

# Prints a command as one would type it, the temporary folder left out, and runs it.
run() {
  printf '\n$'
  for word in "$@"; do
    case "$word" in *" "*) word="\"$word\"" ;; esac
    printf ' %s' "${word#"$work/"}"
  done
  printf '\n'
  "$@" 2>&1 | sed "s|$work/||g"
}

run ./relayctl up local
url=$(./relayctl status --env local --json 2>/dev/null | sed -n 's/.*"url" *: *"\([^"]*\)".*/\1/p')

openssl rand -base64 18 >"$work/password" 2>/dev/null || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/password"
printf '\n$ ./relayctl users add ada --password-stdin < password\n'
./relayctl users add ada --password-stdin <"$work/password"

laptop="$work/laptop"
phone="$work/phone"
run ./gitblobs login "$url" --user ada --password-file "$work/password"
run ./gitblobs --store "$laptop" init
printf 'buy milk\n' >"$work/todo.txt"
run ./gitblobs --store "$laptop" add "$work/todo.txt" -m "first note"
run ./gitblobs --store "$laptop" remote set "$url" notes
run ./gitblobs --store "$laptop" push
run ./gitblobs clone "$url" notes "$phone"

printf 'call Bob\n' >"$work/calls.txt"
printf 'buy milk and bread\n' >"$work/todo.txt"
run ./gitblobs --store "$laptop" add "$work/todo.txt" -m "bread too"
run ./gitblobs --store "$phone" add "$work/calls.txt" -m "written meanwhile"
run ./gitblobs --store "$laptop" push
run ./gitblobs --store "$phone" sync
run ./gitblobs --store "$laptop" pull
run ./gitblobs --store "$laptop" log --graph
run ./gitblobs --store "$laptop" verify

run ./relayctl keys rotate
run ./gitblobs --store "$phone" pull
run ./relayctl migrate info
run ./relayctl cleanup --dry-run
run ./relayctl status
run ./relayctl down local
