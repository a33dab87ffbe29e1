package acervo.sync.remote;

import java.util.ArrayList;
import java.util.List;

/// Bytes that a file on the server and a local one have in common.
///
/// @param remote where they start in the one
/// @param local where in the other
record Run(long remote, long local, long length) {
    long remoteEnd() {
        return remote + length;
    }

    long localEnd() {
        return local + length;
    }

    boolean isContinuedBy(Run next) {
        return next.remote == remoteEnd() && next.local == localEnd();
    }

    /// Adds it to what the list ends with, when it continues that.
    void joinTo(List<Run> list) {
        Run last = list.isEmpty() ? null : list.getLast();
        if (last != null && last.isContinuedBy(this)) {
            list.set(list.size() - 1, new Run(last.remote, last.local, last.length + length));
        } else {
            list.add(this);
        }
    }

    /// Joins runs that continue each other, and leaves out of each what the one in front has already.
    ///
    /// @param sorted by where they start on the server, or (`byLocal`) in the local file
    static List<Run> joined(List<Run> sorted, boolean byLocal) {
        List<Run> joined = new ArrayList<>();
        for (Run run : sorted) {
            Run last = joined.isEmpty() ? new Run(0, 0, 0) : joined.getLast();
            long twice = Math.max(0, byLocal ? last.localEnd() - run.local : last.remoteEnd() - run.remote);
            if (twice < run.length) {
                new Run(run.remote + twice, run.local + twice, run.length - twice).joinTo(joined);
            }
        }
        return joined;
    }
}
