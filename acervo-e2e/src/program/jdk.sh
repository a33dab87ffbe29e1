# Sets jdk to the folder of a JDK 25 or newer, or fails. One that suits says so in its file `release`:
# JAVA_VERSION="25.0.3". Nothing is run for it, unless the JDK is only to be found by PATH.
suits() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS='="' read -r key _ version _; do
    [ "$key" = JAVA_VERSION ] || continue
    version=${version%%[!0-9]*}
    [ "${version:-0}" -ge 25 ]
    return
  done < "$1/release"
  return 1
}
find_jdk() {
  for jdk in "${JAVA_HOME-}" /usr/lib/jvm/* /opt/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    suits "$jdk" && return
  done
  jdk=$(command -v java) && jdk=$(readlink -f -- "$jdk") && jdk=${jdk%/bin/java} && suits "$jdk" && return
  echo "acervo: needs Java 25 or newer: install a JDK 25 (Eclipse Temurin's, say) or set JAVA_HOME to one." >&2
  return 1
}
