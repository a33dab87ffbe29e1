/// One machine's copies of blobs, on disk or in memory.
///
/// Start at [BlobStore], whose comment is the contract that every store passes; `DiskBlobStore` is the real one
/// and `MemoryBlobStore` the one of `--ephemeral` and of tests. Formats stand in `docs/formats.md` and beside
/// the code that reads them.
///
/// Invariants: a blob is whole or absent; what is acknowledged was forced; a damaged block is never handed out;
/// a force that failed is never tried again. Must not import the catalog, HTTP or Ratis: a store knows bytes
/// and their hashes, not names or people.
@NullMarked
package acervo.blob;

import org.jspecify.annotations.NullMarked;
