package acervo.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/// Vert.x's transport with a [Doorman] at the listening socket and with larger reads.
///
/// Vert.x has no hook at which a connection can be seen before its first byte, and reads with buffers of one fixed size
/// or of
/// at most 64 KiB. Both are decided where a listening socket is set up, and that is what a transport does: so this
/// stands
/// on Vert.x's internal interface. When a new Vert.x changes it, this class stops compiling, and nothing else does.
final class DoorTransport implements Transport {
    /// The largest read of a socket, in bytes. A connection whose reads come back full grows to it by itself,
    /// within three reads.
    static final int MOST_READ = 256 << 10;

    private final io.vertx.core.spi.transport.Transport transport;

    private DoorTransport(io.vertx.core.spi.transport.Transport transport) {
        this.transport = transport;
    }

    /// Epoll where there is one.
    static DoorTransport with(Doorman doorman) {
        EpollTransport epoll = new EpollTransport() {
            @Override
            public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
                super.configure(config, domainSocket, bootstrap);
                prepare(bootstrap, doorman);
            }
        };
        if (epoll.isAvailable()) {
            return new DoorTransport(epoll);
        }
        return new DoorTransport(new NioTransport() {
            @Override
            public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
                super.configure(config, domainSocket, bootstrap);
                prepare(bootstrap, doorman);
            }
        });
    }

    @SuppressWarnings("deprecation") // There is no other name for it yet.
    private static void prepare(ServerBootstrap bootstrap, Doorman doorman) {
        bootstrap.handler(doorman);
        bootstrap.childOption(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 4096, MOST_READ));
    }

    @Override
    public String name() {
        return transport instanceof EpollTransport ? "epoll" : "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return transport;
    }
}
