# What the launchers relayctl and gitblobs share; they source it when they have found their checkout, or the release that was
# unpacked: that has its jars in one folder, `jars`, and nothing to build them from.
#
# They say, all paths from the checkout's root and without spaces:
#   name      what they are called, for messages
#   jar       the jar to run; its libraries are in lib beside it
#   jars      all jars that the build makes and they need; the oldest stands for all
#   modules   the Maven modules those are made from
#   training  a class of the jar that does what commands do, for the class archive
# and get `java`, `target`, a jar that is as new as its sources, and `run`.

# Programs that ask for JSON get that and nothing else, unless it fails.
is_quiet=false
for word in "$@"; do
  [ "$word" != --json ] || is_quiet=true
done
say() { "$is_quiet" || echo "$name: $*" >&2; }
fail() {
  echo "$name: $*" >&2
  exit 1
}

# Names of files are what this says they are. Java takes another locale's word for it and loses letters.
case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
  *[Uu][Tt][Ff]-8 | *[Uu][Tt][Ff]8) ;;
  *)
    LC_ALL=C.UTF-8
    export LC_ALL
    ;;
esac

# Services and containers start programs without it; the system knows where it is all the same.
if [ -z "${HOME:-}" ]; then
  HOME=$(getent passwd "$(id -u)" 2>/dev/null | cut -d : -f 6) || HOME=""
  [ -n "$HOME" ] || fail "HOME is not set. Set it to a folder that may be written, for caches and settings."
  export HOME
fi

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  java="$JAVA_HOME/bin/java"
elif ! java=$(command -v java); then
  fail "no Java found. Install a JDK, 17 or newer, and put java on PATH or set JAVA_HOME."
fi

is_release() { [ -d "$root/jars" ]; }
if is_release; then
  jar=jars/$(basename "$jar")
  jars=$jar
fi

jar="$root/$jar"
target=$(dirname "$jar")
archive="$target/$name.jsa"
turn="$target/launch.turn"

is_built() {
  for built in $jars; do
    [ -f "$root/$built" ] || return 1
  done
}

is_stale() {
  is_built || return 0
  ! is_release || return 1
  sources=pom.xml
  for module in $modules; do
    sources="$sources $module/pom.xml $module/src/main"
  done
  newer=""
  for built in $jars; do
    newer="$newer -o -newer $built"
  done
  # The names have no spaces; that of the checkout may.
  # shellcheck disable=SC2086
  [ -n "$(cd "$root" && find $sources -type f \( ${newer# -o} \) -print 2>/dev/null | head -n 1)" ]
}

build() {
  say "building (about half a minute, once)"
  log="$target/build.log"
  if ! "$root/mvnw" -q -B -Dskip.npm -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -f "$root/pom.xml" -pl "$(echo "$modules" | tr ' ' ,)" -am package >"$log" 2>&1 </dev/null; then
    grep -m 12 -E 'ERROR|mvnw:' "$log" >&2 || tail -n 12 "$log" >&2
    fail "the build failed; all of its output is in $log"
  fi
  for built in $jars; do
    touch "$root/$built"
  done
}

# Which Java an archive is good for: where it lies, and its version.
runtime_of() {
  home=${java%/bin/java}
  [ -f "$home/release" ] || home=$(readlink -f "$java" 2>/dev/null) || home=$java
  home=${home%/bin/java}
  version=""
  if [ -r "$home/release" ]; then
    while IFS='=' read -r key value; do
      case "$key" in JAVA_RUNTIME_VERSION | JAVA_VERSION) version="$version $value" ;; esac
    done <"$home/release"
  fi
  echo "$home$version"
}

# An archive is good for exactly the Java and the jars it was made with; one as old as the jars counts, for a file
# system's clock is coarse. An empty one says that it was tried and cannot be made.
is_unarchived() {
  [ -f "$archive" ] || return 0
  tried=""
  [ ! -r "$archive.for" ] || IFS= read -r tried <"$archive.for" || true
  [ "$tried" = "$runtime" ] || return 0
  [ -n "$(find "$jar" "$target/lib" -newer "$archive" 2>/dev/null | head -n 1)" ]
}

# Class data sharing makes the start about three times faster; without the archive all works the same. It is a static
# one, since only those take classes as old as picocli's.
make_archive() {
  draft="$archive.draft"
  rm -f "$archive" "$draft"
  "$java" -XX:DumpLoadedClassList="$draft.list" -XX:+UseSerialGC -Drelay.root="$root" -cp "$jar" "$training" \
    >/dev/null 2>&1 &&
    "$java" -Xshare:dump -XX:SharedClassListFile="$draft.list" -XX:SharedArchiveFile="$draft" \
      -XX:+UseSerialGC -cp "$jar" >/dev/null 2>&1 && [ -f "$draft" ] || : >"$draft"
  mv -f "$draft" "$archive"
  rm -f "$draft.list"
  echo "$runtime" >"$archive.for"
}

# Another user's process cannot be sent a signal, but is there.
is_alive() { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]; }

# The dead one's turn, unless somebody has taken it meanwhile: then it is theirs again.
free_turn() {
  mv "$turn" "$turn.$$" 2>/dev/null || return 0
  [ "$(readlink "$turn.$$")" = "$1" ] || mv "$turn.$$" "$turn"
  rm -f "$turn.$$"
}

# One start at a time builds; the others wait and then find it done. The turn is a link that names its holder, so that
# there is none without one.
take_turn() {
  waited=0
  until why=$(ln -s "$$" "$turn" 2>&1); do
    holder=$(readlink "$turn" 2>/dev/null) || holder=""
    if [ -n "$holder" ] && ! is_alive "$holder"; then
      free_turn "$holder"
      continue
    fi
    [ -n "$holder" ] || [ "$waited" -lt 50 ] || fail "cannot build in $target: $why"
    [ $((waited % 300)) -ne 5 ] || say "waiting for the process ${holder:-of another start}, which is building ($turn)"
    sleep 0.2
    waited=$((waited + 1))
  done
  trap 'rm -f "$turn"' EXIT
  trap 'exit 130' INT TERM HUP
}

end_turn() {
  rm -f "$turn"
  trap - EXIT INT TERM HUP
}

prepare() {
  mkdir -p "$target" 2>/dev/null || true
  if [ ! -w "$target" ]; then
    # A checkout that only others may write is used as it is.
    ! is_stale || is_built || fail "cannot build: $target cannot be written"
    ! is_stale || say "older than its sources, and not built anew: $target cannot be written"
    return 0
  fi
  take_turn
  ! is_stale || build
  ! is_unarchived || make_archive
  end_turn
}

if is_release && ! is_built; then
  fail "$jar is missing: this release is not whole. Unpack it again."
fi
runtime=$(runtime_of)
if is_stale || { [ -w "$target" ] && is_unarchived; }; then
  prepare
fi

out=false
[ ! -t 1 ] || out=true
err=false
[ ! -t 2 ] || err=true

# Starts Java with these options, in place of the launcher.
run() {
  exec "$java" -XX:SharedArchiveFile="$archive" -Xshare:auto -Xlog:disable -Xlog:all=off -XX:+UseSerialGC \
    -XX:-UsePerfData "$@"
}
