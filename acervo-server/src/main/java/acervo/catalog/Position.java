package acervo.catalog;

/// A place in the log. Written with the rows that come from the entry that stands there.
record Position(long term, long index) implements Comparable<Position> {
    /// Before the first entry.
    static final Position NONE = new Position(0, 0);

    @Override
    public int compareTo(Position other) {
        return Long.compare(index, other.index);
    }
}
