/// The catalog: what exists. A state machine that every voter applies in the same order, on RocksDB, behind Apache
/// Ratis.
///
/// Start at [Catalog]. What a command does is decided by the pure `acervo.rules.Rules`; here the decision's edits are
/// written, with
/// the applied (term, index), in one batch. `CatalogMachine` is the only class that knows Ratis, so that the engine
/// stays replaceable.
///
/// Invariants: applying is deterministic; nothing joins across spaces; a command that throws while applying stops the
/// server (a
/// refusal is an outcome, not an exception). Must not import blobs or HTTP.
@NullMarked
package acervo.catalog;

import org.jspecify.annotations.NullMarked;
