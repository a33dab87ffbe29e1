#!/bin/sh
# Makes the AOT caches of the packaged program. Each is one run of the launcher as a person would make it, recorded, so
# that class path and flags are the real ones; it holds the classes that this run loaded. All works without them, only
# slower at the start.
#
# usage: train.sh PROGRAM-FOLDER
set -u
program=$1
work=$(mktemp -d) || exit 1
server=
end() {
  [ -z "$server" ] || kill "$server" 2> /dev/null
  rm -rf -- "$work"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

# A person of its own, who knows nothing of the one who builds.
unset ACERVO_SERVER XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
HOME=$work/home
LANG=C.UTF-8
export HOME LANG
mkdir -p "$HOME"

# usage: record CACHE ARGUMENT...   runs the program and records it
record() {
  cache=$1
  shift
  ACERVO_JAVA_OPTS="-XX:AOTCacheOutput=$work/$cache" exec "$program/bin/acervo" "$@"
}

# usage: keep CACHE   puts a recorded cache where the launcher looks for it
keep() {
  if [ -s "$work/$1" ]; then
    mv -f -- "$work/$1" "$program/lib/$1.next" && mv -f -- "$program/lib/$1.next" "$program/lib/$1"
  else
    echo "no $1 was made: starts will be slower without it" >&2
    return 1
  fi
}

rm -f -- "$program/lib/client.aot" "$program/lib/server.aot"

# The server, doing a little of everything, then told to stop.
(record server.aot serve --data "$work/data" --listen 127.0.0.1:0 --port-file "$work/port") > "$work/server.log" 2>&1 &
server=$!
tries=0
until [ -s "$work/port" ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2> /dev/null; then
    echo "no server.aot was made, since the server did not start:" >&2
    cat -- "$work/server.log" >&2
    exit 1
  fi
  sleep 0.1
done
read -r port < "$work/port"

# usage: ask ARGUMENT...   one command of the client, which has to succeed
ask() {
  "$program/bin/acervo" --server "127.0.0.1:$port" "$@" > "$work/ask.log" 2>&1 < /dev/null || {
    echo "acervo $* failed:" >&2
    cat -- "$work/ask.log" >&2
    failed=1
  }
}
failed=
echo one > "$work/small"
dd if=/dev/zero of="$work/big" bs=1048576 count=4 2> /dev/null
ask hello Maria
ask put "$work/small" "$work/big" public:
ask ls public:
ask info public:small
ask get public:big -o "$work/again"
ask rm public:big
ask status

# The client: what the most common commands load.
(record client.aot --server "127.0.0.1:$port" ls public: -l) > "$work/client.log" 2>&1 < /dev/null
keep client.aot || { cat -- "$work/client.log" >&2; failed=1; }

kill -TERM "$server"
wait "$server"
server=
keep server.aot || { cat -- "$work/server.log" >&2; failed=1; }
[ -z "$failed" ]
