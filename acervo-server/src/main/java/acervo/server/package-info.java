/// The server's beginning and end: configuration, the data folder, wiring, logs, stopping.
///
/// Start at [AcervoServer], which the command line finds as a [acervo.model.ServerProgram]; what is built, and in which
/// order, stands in
/// `Wiring`, top to bottom. Everything else here serves those two.
///
/// Invariants: one server at a time has a data folder; what was opened is closed in the reverse order; what goes wrong
/// at the start is told
/// in one line. May import every package of the server, and none may import this one.
@NullMarked
package acervo.server;

import org.jspecify.annotations.NullMarked;
