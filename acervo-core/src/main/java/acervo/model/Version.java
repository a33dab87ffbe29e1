package acervo.model;

/// The version of a file: the place in its space's feed of the change that made it. Within a space versions only grow,
/// and two
/// changes never share one. Its decimal text is the file's `ETag`.
public record Version(long number) implements Comparable<Version> {
    public Version {
        if (number <= 0) {
            throw new IllegalArgumentException("a version is positive, not " + number);
        }
    }

    /// Reads decimal digits.
    ///
    /// @throws IllegalArgumentException for anything but a positive number
    public static Version parse(String text) {
        return new Version(Long.parseLong(text));
    }

    @Override
    public int compareTo(Version other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
