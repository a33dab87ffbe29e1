/// The only place where blobs and names meet: deposits, downloads, resumable uploads, collecting and verifying.
///
/// Start at [Depot], the public face. A deposit is an [Intake]; its bytes are on disk before the catalog hears of them,
/// and
/// they are pinned (`Pins`) from before they are stored until the catalog refers to them, so that the collector
/// (`Collector`) never removes
/// what is about to be referred to.
///
/// Invariants: what the catalog refers to is on disk, forced; nothing becomes visible before that; whether bytes were
/// there
/// before is never revealed; a damaged copy is never handed out. Must not import HTTP, Ratis or RocksDB.
@NullMarked
package acervo.depot;

import org.jspecify.annotations.NullMarked;
