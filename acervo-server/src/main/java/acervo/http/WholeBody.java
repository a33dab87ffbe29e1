package acervo.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Collects a small body and hands it on when it is whole, all on the event loop.
final class WholeBody implements BodySink {
    private static final byte[] NONE = {};

    private final int limit;
    private final Budget budget;
    private final Consumer<byte[]> whole;
    private final Consumer<Throwable> failed;
    private byte[] first = NONE;
    private @Nullable ByteBuf rest;
    private long counted;
    private boolean over;
    private boolean ended;

    /// @param budget for all bodies that are not whole yet
    /// @param whole gets the bytes, once
    /// @param failed gets what went wrong instead, once
    WholeBody(int limit, Budget budget, Consumer<byte[]> whole, Consumer<Throwable> failed) {
        this.limit = limit;
        this.budget = budget;
        this.whole = whole;
        this.failed = failed;
    }

    @Override
    public void data(ByteBuf bytes) {
        try {
            if (over) {
                return;
            }
            int size = bytes.readableBytes();
            if (counted + size > limit) {
                fail(Refusals.tooLarge("the body of a call", limit + " bytes"));
                return;
            }
            if (!budget.take(size)) {
                fail(Refusals.tooMany("bytes of calls", budget.limit()));
                return;
            }
            counted += size;
            if (first.length == 0) {
                first = new byte[size];
                bytes.readBytes(first);
            } else {
                if (rest == null) {
                    rest = Unpooled.buffer(Math.max(4096, 2 * size));
                }
                rest.writeBytes(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    private void fail(Throwable why) {
        over = true;
        budget.give(counted);
        first = NONE;
        rest = null;
        failed.accept(why);
    }

    /// Whether nothing more will come.
    boolean isWhole() {
        return ended;
    }

    @Override
    public void end(String digest) {
        ended = true;
        if (over) {
            return;
        }
        over = true;
        budget.give(counted);
        byte[] all = first;
        if (rest != null) {
            all = new byte[first.length + rest.readableBytes()];
            System.arraycopy(first, 0, all, 0, first.length);
            rest.readBytes(all, first.length, rest.readableBytes());
        }
        whole.accept(all);
    }

    @Override
    public void broken(BrokenBodyException why) {
        if (!over) {
            fail(why);
        }
    }
}
