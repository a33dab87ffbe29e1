package acervo.sync.plan;

/// Which way changes go.
///
/// One way, the names and bytes of the sending side win: what was changed only on the receiving side stays as it is
/// and is reported; what was changed on both sides is kept under the name of a conflict. What was never in step is
/// never removed.
///
/// @param delete whether removals go along, one way; both ways they always do
public record Mode(Direction direction, boolean delete) {
    /// Which way.
    public enum Direction {
        BOTH,
        UP,
        DOWN
    }

    public static final Mode BOTH = new Mode(Direction.BOTH, true);

    boolean changesRemote() {
        return direction != Direction.DOWN;
    }

    boolean changesLocal() {
        return direction != Direction.UP;
    }
}
