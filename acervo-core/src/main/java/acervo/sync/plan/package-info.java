/// What to do about a folder and a space that are to be kept in step: `three trees -> plan`, as a pure function.
///
/// Start at [Planner#plan]. [Trees] holds the *local* tree (what was seen on disk), the *remote* tree (what the feed
/// told) and the *synced* tree (the last state that both agreed on). A [Plan] is a list of [Operation]s with their
/// order.
@NullMarked
package acervo.sync.plan;

import org.jspecify.annotations.NullMarked;
