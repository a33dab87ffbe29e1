package acervo.sync.remote;

import java.util.List;

/// Bytes of a file, from `from` to `to` (exclusive).
record Range(long from, long to) {
    long length() {
        return to - from;
    }

    /// Both ends of it, when it is much longer than what is looked for in it.
    List<Range> ends(long each) {
        return length() <= 2 * each ? List.of(this) : List.of(new Range(from, from + each), new Range(to - each, to));
    }
}
