/// The log's engine: Apache Ratis, started and stopped, with a group of one for now.
///
/// Start at [LogGroup]. Ratis runs without any network here ([AloneRpc]): commands are submitted in process, and no
/// other machine has to
/// be told. What the entries mean is none of this package's business; it must not import the catalog.
///
/// Invariants: a log is never formatted over an existing one; nothing is answered before it is forced; a torn end is
/// cut, but damage in front
/// of good entries is refused ([LogTail]).
@NullMarked
package acervo.cluster;

import org.jspecify.annotations.NullMarked;
