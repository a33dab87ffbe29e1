package acervo.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Stands at the listening socket: counts connections, and puts a [Line] before all other handlers of each.
@ChannelHandler.Sharable
final class Doorman extends ChannelInboundHandlerAdapter {
    private final Limits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    Doorman(Limits limits) {
        this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel child = (Channel) message;
        accepted.increment();
        boolean room = open.incrementAndGet() <= limits.connections();
        if (!room) {
            turnedAway.increment();
        }
        child.closeFuture().addListener(_ -> open.decrementAndGet());
        child.pipeline().addLast("line", new Line(limits, room, timedOut));
        ctx.fireChannelRead(message);
    }

    /// Connections that are open.
    int open() {
        return open.get();
    }

    long accepted() {
        return accepted.sum();
    }

    /// Connections that were closed at once because there were too many.
    long turnedAway() {
        return turnedAway.sum();
    }

    /// Connections that were closed because their client was too slow, or idle.
    long timedOut() {
        return timedOut.sum();
    }
}
