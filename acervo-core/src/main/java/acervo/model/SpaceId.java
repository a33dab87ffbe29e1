package acervo.model;

/// The internal number of a space. It is never shown and never reused, so that a removed space can't come back under a
/// new owner.
public record SpaceId(long number) implements Comparable<SpaceId> {
    /// The shared space that every client may read and write.
    public static final SpaceId PUBLIC = new SpaceId(1);

    public SpaceId {
        if (number <= 0) {
            throw new IllegalArgumentException("a space's number is positive, not " + number);
        }
    }

    @Override
    public int compareTo(SpaceId other) {
        return Long.compareUnsigned(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
