/// The catalog: what exists. A state machine that every voter applies in the same order, on RocksDB, behind Apache
/// Ratis.
///
/// Start at [Catalog]. What a command does is decided by the pure `acervo.rules.Rules`; here the decision's edits are
/// written, with
/// the applied (term, index), in one batch. `CatalogMachine` is the only class that knows Ratis, so that the engine
/// stays replaceable.
///
/// Invariants: applying is deterministic; nothing joins across spaces; when a command throws while it is applied, which
/// is a bug or a broken disk (a refusal is an outcome, not an exception), nothing of it is written and nothing after it
/// is applied: the catalog takes no more changes, nobody is told that theirs were made, and reads go on as of the last
/// good entry. The entry stays in the log, and the next start applies it again. Must not import blobs or HTTP.
@NullMarked
package acervo.catalog;

import org.jspecify.annotations.NullMarked;
