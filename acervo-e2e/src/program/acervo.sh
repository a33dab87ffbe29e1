#!/bin/sh
# Becomes the program: finds a JDK, takes the class path and the flags that the verb needs, and execs.
# Every command passes here, so it runs nothing but itself: no cut, no sed, no $(...) on the usual way.
# ACERVO_JAVA_OPTS adds JVM options; the last one given wins.

# Where the program lies, also through links and relative names.
self=$0
while [ -h "$self" ]; do
  link=$(readlink -- "$self")
  case $link in
    /*) self=$link ;;
    *) self=${self%/*}/$link ;;
  esac
done
case $self in
  */./* | */../*) home=$(CDPATH= cd -- "${self%/*}/.." && pwd -P) ;;
  /*/bin/acervo) home=${self%/bin/acervo} ;;
  *) home=$(CDPATH= cd -- "${self%/*}/.." && pwd -P) ;;
esac

@jdk.sh@
find_jdk || exit 1

# The verb, behind the options that may stand before it.
verb=
skip=
plain=
for word; do
  if [ -n "$skip" ]; then
    skip=
    continue
  fi
  case $word in
    --lang | --server) skip=1 ;;
    -h | --help | -V | --version | --json) plain=1 ;;
    -*) ;;
    *)
      verb=$word
      break
      ;;
  esac
done

# The JVM decodes arguments and file names by the locale, and falls back to ASCII when the named one is not installed.
# So it always gets UTF-8, and the program is told what the person asked for.
language=${LC_ALL:-${LC_MESSAGES:-${LANG-}}}
case ${OSTYPE-} in
  darwin*) ;;
  *)
    LC_ALL=C.UTF-8
    export LC_ALL
    ;;
esac

# No verb, on a terminal: the menu, out of which a server may start.
if [ -z "$verb$plain" ] && [ -t 0 ] && [ -t 1 ]; then
  verb=serve
fi

# Sets heap, in MiB, to what a server with such a memory cache needs: one and a half times the cache, since what stays
# has two thirds of the heap, but no more than the machine can well give. What is no size is told by the program.
size_heap() {
  cache=64M
  before=
  for word; do
    case $before/$word in
      --cache/*) cache=$word ;;
      */--cache=*) cache=${word#*=} ;;
    esac
    before=$word
  done
  heap=256
  number=${cache%%[!0-9]*}
  unit=${cache#"$number"}
  case $number in
    '' | 0* | ??????????*) return ;;
  esac
  case $unit in
    [kK]*) number=$((number / 1024)) ;;
    [mM]*) ;;
    [gG]*) number=$((number * 1024)) ;;
    [tT]*) number=$((number * 1048576)) ;;
    *) number=$((number / 1048576)) ;;
  esac
  [ "$number" -le 64 ] || heap=$((160 + number * 3 / 2))
  if [ "$heap" -gt 256 ] && read -r _ memory _ 2> /dev/null < /proc/meminfo && [ "$heap" -gt $((memory / 1366)) ]; then
    heap=$((memory / 1366))
    [ "$heap" -ge 256 ] || heap=256
  fi
}

case $verb in
  serve)
    size_heap "$@"
    # Fewer arenas: glibc would keep up to 16 of 64 MB for as many threads.
    MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
    export MALLOC_ARENA_MAX
    classpath=@server.classpath@
    aot=$home/lib/server.aot
    set -- -Xms32m "-Xmx${heap}m" -XX:+UseSerialGC -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError \
      --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
      "-Djava.library.path=$home/lib/native" -Djava.util.logging.manager=acervo.server.KeptLogs \
      -cp "$classpath" "-Dacervo.locale=$language" ${ACERVO_JAVA_OPTS-} acervo.cli.Main "$@"
    ;;
  *)
    classpath=@client.classpath@
    aot=$home/lib/client.aot
    # All compilers stay on: without the second one no command starts sooner (the AOT cache sees to that), and SHA-256,
    # which only that one has from the processor, would be ten times as slow.
    set -- -Xmx128m -XX:+UseSerialGC -XX:-UsePerfData \
      --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
      -cp "$classpath" "-Dacervo.locale=$language" ${ACERVO_JAVA_OPTS-} acervo.cli.Main "$@"
    ;;
esac
if [ -f "$aot" ]; then
  # One made by another JDK is passed over in silence.
  set -- "-XX:AOTCache=$aot" -Xlog:aot=off -Xlog:cds=off "$@"
fi
exec "$jdk/bin/java" "$@"
