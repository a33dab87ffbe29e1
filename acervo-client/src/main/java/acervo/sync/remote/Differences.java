package acervo.sync.remote;

import acervo.wire.DeltaFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A local file, told as what a version on the server has of it and what it has not.
final class Differences {
    /// What one request may make, so that the server is not silent for long. In bytes.
    private static final long MOST_BYTES = 4L << 30;

    private final List<Run> same;
    private final long size;

    /// @param same in the local file's order, disjoint there
    /// @param size bytes of the local file
    Differences(List<Run> same, long size) {
        this.same = same;
        this.size = size;
    }

    /// Whether there is something that need not be sent.
    boolean isOfUse() {
        return !same.isEmpty();
    }

    /// Bytes from `local` on: copied, or (`remote` < 0) sent.
    record Step(long remote, long local, long length) {
        boolean isCopy() {
            return remote >= 0;
        }

        long bodyBytes() {
            return isCopy() ? DeltaFormat.COPY_BYTES : DeltaFormat.LITERAL_BYTES + length;
        }
    }

    /// What follows `offset`, as much as goes into one request.
    List<Step> from(long offset) {
        List<Step> steps = new ArrayList<>();
        long at = offset;
        for (Run run : same) {
            if (run.localEnd() <= at) {
                continue;
            }
            at = literals(steps, at, run.local());
            if (isFull(steps, offset, at)) {
                return steps;
            }
            long skipped = at - run.local();
            long length = Math.min(run.length() - skipped, MOST_BYTES - (at - offset));
            steps.add(new Step(run.remote() + skipped, at, length));
            at += length;
            if (isFull(steps, offset, at)) {
                return steps;
            }
        }
        literals(steps, at, size);
        return steps;
    }

    private static boolean isFull(List<Step> steps, long offset, long at) {
        return steps.size() >= DeltaFormat.MOST_STEPS - 2 || at - offset >= MOST_BYTES;
    }

    /// @return where they end
    private static long literals(List<Step> steps, long from, long to) {
        long at = from;
        while (at < to && steps.size() < DeltaFormat.MOST_STEPS) {
            long length = Math.min(to - at, DeltaFormat.MOST_LITERAL);
            steps.add(new Step(-1, at, length));
            at += length;
        }
        return Math.max(at, from);
    }

    /// Bytes of the body that these steps make.
    static long bodyBytes(List<Step> steps) {
        return DeltaFormat.HEAD_BYTES
                + steps.stream().mapToLong(Step::bodyBytes).sum();
    }

    /// Takes the parts of a body.
    @FunctionalInterface
    interface Sink {
        void take(ByteBuffer bytes) throws IOException;
    }

    /// Gives bytes of the local file.
    @FunctionalInterface
    interface Source {
        void fill(ByteBuffer into, long at);
    }

    /// Writes the body.
    ///
    /// @param base the version that is copied from
    static void write(List<Step> steps, long base, Source local, ByteBuffer buffer, Sink to) throws IOException {
        DeltaFormat.head(buffer.clear(), base);
        for (Step step : steps) {
            if (buffer.remaining() < DeltaFormat.COPY_BYTES) {
                to.take(buffer.flip());
                buffer.clear();
            }
            if (step.isCopy()) {
                DeltaFormat.copy(buffer, step.remote, step.length);
                continue;
            }
            DeltaFormat.literal(buffer, (int) step.length);
            for (long at = step.local; at < step.local + step.length; ) {
                if (!buffer.hasRemaining()) {
                    to.take(buffer.flip());
                    buffer.clear();
                }
                int n = (int) Math.min(buffer.remaining(), step.local + step.length - at);
                int limit = buffer.limit();
                local.fill(buffer.limit(buffer.position() + n), at);
                buffer.limit(limit);
                at += n;
            }
        }
        to.take(buffer.flip());
    }
}
