/// What a synced folder remembers across restarts: one append-only file a folder.
///
/// Start at [FileIndex]. [Journal] knows groups of bytes that are there whole or not at all, [IndexFormat] what the
/// bytes mean. [Rows] is the part that stays in memory: what was seen on disk, with the facts that tell whether it
/// changed.
///
/// Invariants: what is read after a crash is what was written up to some commit, and at least up to the last one
/// that was forced; an id of a local node is given once. Imports the seams of `acervo.sync` and `acervo.sync.plan`;
/// no file of the synced folder is touched here.
@NullMarked
package acervo.sync.index;

import org.jspecify.annotations.NullMarked;
