/// Keeps a folder and a space in step.
///
/// Start at [Sync], then `Engine`: one control thread that takes observations in, plans ([acervo.sync.plan]) and has
/// operations carried out through two seams, [LocalDisk] and [RemoteSpace]; [Index] remembers the three trees, and
/// [Workers] runs what takes time. A seeded simulation can stand behind all four. `docs/sync.md` says why.
///
/// Invariants:
/// - Observations are remembered, never work: after a crash the plan is made anew from the three trees.
/// - The synced tree is written only after the state is durable on both sides; forgetting from it is always safe.
/// - The remote tree is written from the feed alone, except that a row is taken out once its removal was acknowledged.
/// - Nothing is planned before the first full scan is complete and the feed was read to its end.
@NullMarked
package acervo.sync;

import org.jspecify.annotations.NullMarked;
