package acervo.sync.remote;

import java.util.ArrayList;
import java.util.List;

/// A part of one file that the other one does not have, and where in the other one something similar should be: between
/// what stands in front of it and what follows.
///
/// @param remote of the file on the server, in whole blocks but for the file's end
/// @param local of the local file
record Gap(Range remote, Range local) {
    /// So much at a time, so that a gap is a small table.
    private static final long MOST = 16L << 20;

    /// What of the local file stands nowhere in `runs`.
    ///
    /// @param runs in the local file's order, disjoint there
    static List<Gap> inLocal(List<Run> runs, long remoteSize, long localSize) {
        List<Gap> gaps = new ArrayList<>();
        long local = 0;
        long remote = 0;
        for (Run run : runs) {
            add(gaps, remote, run.remote(), remoteSize, new Range(local, run.local()));
            local = run.localEnd();
            remote = run.remoteEnd();
        }
        add(gaps, remote, remoteSize, remoteSize, new Range(local, localSize));
        return gaps;
    }

    private static void add(List<Gap> gaps, long remote, long next, long size, Range local) {
        if (local.length() > 0) {
            // What follows may come from in front of it: then no more is known than where it should begin.
            long end = next >= remote ? next : Math.min(size, remote + blocks(local.length()));
            split(gaps, new Gap(new Range(remote, end), local));
        }
    }

    /// What of the file on the server stands nowhere in `runs`.
    ///
    /// @param runs in the order of the file on the server, disjoint there
    static List<Gap> inRemote(List<Run> runs, long remoteSize, long localSize) {
        List<Gap> gaps = new ArrayList<>();
        long local = 0;
        long remote = 0;
        for (Run run : runs) {
            addRemote(gaps, new Range(remote, run.remote()), local, run.local(), localSize);
            local = run.localEnd();
            remote = run.remoteEnd();
        }
        addRemote(gaps, new Range(remote, remoteSize), local, localSize, localSize);
        return gaps;
    }

    private static void addRemote(List<Gap> gaps, Range remote, long local, long next, long size) {
        if (remote.length() > 0) {
            long end = next >= local ? next : Math.min(size, local + blocks(remote.length()));
            split(gaps, new Gap(remote, new Range(local, end)));
        }
    }

    private static long blocks(long length) {
        return (Comparison.blocks(length) + 1) * Comparison.BLOCK;
    }

    /// Cuts large gaps, both sides at the same distances: what was changed in many places mostly stayed where it
    /// was.
    private static void split(List<Gap> gaps, Gap whole) {
        Gap rest = whole;
        while (rest.remote.length() > MOST && rest.local.length() > MOST) {
            long remote = rest.remote.from() + MOST;
            long local = rest.local.from() + MOST;
            gaps.add(new Gap(new Range(rest.remote.from(), remote), new Range(rest.local.from(), local)));
            rest = new Gap(new Range(remote, rest.remote.to()), new Range(local, rest.local.to()));
        }
        if (rest.remote.length() > 0 && rest.local.length() >= Comparison.PIECE) {
            gaps.add(rest);
        }
    }

    /// Where on the server is looked.
    List<Range> remoteParts() {
        return remote.ends(blocks(local.length()));
    }

    /// Where in the local file is looked.
    List<Range> localParts() {
        return local.ends(blocks(remote.length()));
    }
}
