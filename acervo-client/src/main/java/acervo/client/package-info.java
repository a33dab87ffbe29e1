/// The typed client: calls, deposits and recoveries over one small HTTP/1.1 connection class.
///
/// Start at [AcervoClient]. Below it: [Transport] (idle connections, retries), [HttpConnection] (one socket), and one
/// class
/// per way of moving bytes: [Upload], [Deposits], [Download].
/// Invariants: what is handed out was hashed by this side; a retry carries the request id of the first attempt; nothing
/// is
/// committed of a file that changed while it was read.
/// Imports nothing of Acervo but `model` and `wire`: it must stay light, the command line starts with it.
@NullMarked
package acervo.client;

import org.jspecify.annotations.NullMarked;
