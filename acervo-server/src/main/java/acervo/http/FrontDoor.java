package acervo.http;

import acervo.depot.Depot;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The server's one port. Any thread.
///
/// Made in two steps, so that Vert.x can start while the depot opens its files: [#prepare], then [#listen].
public final class FrontDoor implements AutoCloseable {
    private static final long STEP_SECONDS = 30;
    private static final int FREE_PORT_ATTEMPTS = 10;

    private final Limits limits;
    private final Doorman doorman;
    private final Vertx vertx;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Door door;

    private FrontDoor(Limits limits) {
        this.limits = limits;
        this.doorman = new Doorman(limits);
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(loops())
                        .setWorkerPoolSize(1)
                        .setInternalBlockingPoolSize(1)
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)))
                .withTransport(DoorTransport.with(doorman))
                .build();
    }

    private static int loops() {
        return Runtime.getRuntime().availableProcessors();
    }

    /// Starts the event loops.
    public static FrontDoor prepare(Limits limits) {
        return new FrontDoor(limits);
    }

    /// Begins to answer.
    ///
    /// @param operatorSecret what `Acervo-Operator` must say, as text
    /// @param port 0 takes a free one
    /// @return the port that was taken
    /// @throws IOException when it can't be had; its message says why
    public int listen(Depot depot, ServerFacts facts, byte[] operatorSecret, String host, int port) throws IOException {
        Meters meters = new Meters();
        Door opened = Door.of(depot, limits, meters, operatorSecret);
        meters.door(doorman, opened.bodies(), opened.admission());
        meters.depot(depot);
        door = opened;
        long tick = Math.max(1, limits.keepAlive().toMillis() / Streams.PARTS);
        vertx.setPeriodic(tick, _ -> opened.streams().tick());
        meters.streams(opened.streams());
        Dispatch dispatch = new Dispatch(opened, new Calls(depot, meters, facts), facts);
        HotLane lane = new HotLane(opened);
        for (int attempt = 1; ; attempt++) {
            int chosen = port == 0 ? freePort(host) : port;
            try {
                deploy(dispatch, lane, options().setHost(host).setPort(chosen));
                return chosen;
            } catch (BindException e) {
                if (port != 0 || attempt == FREE_PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /// Vert.x shares a port among event loops by its number, so that a free one has to be known beforehand.
    /// Somebody else may take it in
    /// between: then another one is tried.
    private static int freePort(String host) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(host, 0));
            return probe.getLocalPort();
        }
    }

    private void deploy(Dispatch dispatch, HotLane lane, HttpServerOptions options) throws IOException {
        Future<String> listening = vertx.deployVerticle(
                () -> new Listener(options, dispatch, lane), new DeploymentOptions().setInstances(loops()));
        try {
            listening.toCompletionStage().toCompletableFuture().get(STEP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String said = String.valueOf(cause.getMessage());
            // The native transport has an exception of its own, with the system's words in it.
            if (cause instanceof BindException || said.contains("Address already in use")) {
                throw new BindException(said);
            }
            throw new IOException(said, cause);
        } catch (TimeoutException e) {
            throw new IOException("the port was not opened within " + STEP_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxInitialLineLength(limits.lineBytes())
                .setMaxChunkSize(DoorTransport.MOST_READ)
                .setHandle100ContinueAutomatically(false)
                .setStrictThreadMode(true)
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setAcceptBacklog(1024)
                .setHttp2ClearTextEnabled(true)
                .setHttp2ConnectionWindowSize(4 << 20)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(128)
                        .setInitialWindowSize(1 << 20)
                        .setMaxHeaderListSize(limits.headerBytes()));
    }

    /// One event loop's share of the port.
    private final class Listener extends VerticleBase {
        private final HttpServerOptions options;
        private final Dispatch dispatch;
        private final HotLane lane;

        Listener(HttpServerOptions options, Dispatch dispatch, HotLane lane) {
            this.options = options;
            this.dispatch = dispatch;
            this.lane = lane;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options)
                    .connectionHandler(connection -> Wire.connected(connection, lane))
                    .invalidRequestHandler(dispatch::invalid)
                    .exceptionHandler(dispatch::broken)
                    .requestHandler(dispatch);
            return server.listen().onSuccess(servers::add);
        }
    }

    /// Stops accepting, lets the requests in flight finish, and closes.
    ///
    /// @param patience how long they may take
    public void drain(Duration patience) {
        Door opened = door;
        if (opened != null) {
            opened.stopping().set(true);
            opened.streams().stop();
        }
        List<Future<Void>> closing = servers.stream()
                .map(server -> server.shutdown(patience.toMillis(), TimeUnit.MILLISECONDS))
                .toList();
        await(Future.join(closing), patience.plusSeconds(2));
    }

    /// Closes at once what is left.
    @Override
    public void close() {
        await(vertx.close(), Duration.ofSeconds(STEP_SECONDS));
    }

    private static void await(Future<?> future, Duration patience) {
        try {
            future.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // What did not close by itself is closed with the process.
            org.slf4j.LoggerFactory.getLogger("acervo.http").debug("while closing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
