package acervo.http;

import acervo.depot.Depot;
import acervo.depot.DepotStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What `/metrics` tells. No label holds a name or an id of anybody: there are as many series as kinds of requests.
final class Meters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder hot = new LongAdder();

    /// Held here, since the registry itself holds on to nothing that it watches.
    private final List<Scrape> scrapes = new ArrayList<>();

    Meters() {
        count("acervo.http.bytes.in", "Bytes of files that were taken in", bytesIn);
        count("acervo.http.bytes.out", "Bytes of files that were handed out", bytesOut);
        count("acervo.http.hot", "Files that were handed out by the short way", hot);
    }

    private void count(String name, String description, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .description(description)
                .register(registry);
    }

    /// What the front door itself can be asked.
    void door(Doorman doorman, Bodies bodies, Admission admission) {
        Gauge.builder("acervo.http.connections", doorman, Doorman::open)
                .description("Connections that are open")
                .register(registry);
        FunctionCounter.builder("acervo.http.connections.accepted", doorman, Doorman::accepted)
                .register(registry);
        FunctionCounter.builder("acervo.http.connections.refused", doorman, Doorman::turnedAway)
                .register(registry);
        FunctionCounter.builder("acervo.http.connections.timedout", doorman, Doorman::timedOut)
                .register(registry);
        Gauge.builder("acervo.http.bodies", admission, Admission::inside)
                .description("Bodies that are being taken in")
                .register(registry);
        Gauge.builder("acervo.http.bodies.buffered.bytes", bodies, Bodies::buffered)
                .description("Bytes of bodies that wait to be taken in")
                .register(registry);
    }

    /// Streams that are open.
    void streams(Streams streams) {
        Gauge.builder("acervo.http.streams", streams, Streams::open)
                .description("Streams of notices and feeds that are open")
                .register(registry);
    }

    /// What the depot can be asked; the status is read once per scrape.
    void depot(Depot depot) {
        Scrape scrape = new Scrape(depot);
        scrapes.add(scrape);
        gauge("acervo.catalog.clients", scrape, s -> s.catalog().clients());
        gauge("acervo.catalog.spaces", scrape, s -> s.catalog().spaces());
        gauge("acervo.catalog.files", scrape, s -> s.catalog().files());
        gauge("acervo.catalog.bytes", scrape, s -> s.catalog().bytes());
        gauge("acervo.catalog.orphans", scrape, s -> s.catalog().orphans());
        gauge("acervo.catalog.applied.index", scrape, s -> s.catalog().appliedIndex());
        gauge("acervo.catalog.writable", scrape, s -> s.catalog().writable() ? 1 : 0);
        gauge("acervo.store.blobs", scrape, s -> s.store().blobs());
        gauge("acervo.store.bytes", scrape, s -> s.store().bytes());
        gauge("acervo.store.free.bytes", scrape, s -> s.store().freeBytes());
        gauge("acervo.store.reserve.bytes", scrape, s -> s.store().reserveBytes());
        gauge("acervo.store.quarantined", scrape, s -> s.store().quarantined());
        gauge("acervo.store.failed", scrape, s -> s.store().failure().isPresent() ? 1 : 0);
        gauge("acervo.files.short", scrape, DepotStatus::filesShort);
        gauge("acervo.blobs.damaged", scrape, DepotStatus::damaged);
        gauge("acervo.writable", scrape, s -> s.writable() ? 1 : 0);
        gauge("acervo.uploads", scrape, DepotStatus::uploads);
        gauge("acervo.uploads.bytes", scrape, DepotStatus::uploadBytes);
        gauge("acervo.cache.bytes", scrape, s -> s.cache().bytes());
        gauge("acervo.cache.limit.bytes", scrape, s -> s.cache().limitBytes());
        counter("acervo.cache.hits", scrape, s -> s.cache().hits());
        counter("acervo.cache.misses", scrape, s -> s.cache().misses());
        counter("acervo.cache.evictions", scrape, s -> s.cache().evictions());
        Runtime runtime = Runtime.getRuntime();
        Gauge.builder("acervo.jvm.heap.used.bytes", runtime, r -> r.totalMemory() - r.freeMemory())
                .register(registry);
        Gauge.builder(
                        "acervo.jvm.direct.used.bytes",
                        () -> ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                                .sum())
                .register(registry);
        Gauge.builder(
                        "acervo.uptime.seconds",
                        () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0)
                .register(registry);
    }

    private void gauge(String name, Scrape scrape, ToDoubleFunction<DepotStatus> of) {
        Gauge.builder(name, scrape, s -> of.applyAsDouble(s.status())).register(registry);
    }

    private void counter(String name, Scrape scrape, ToDoubleFunction<DepotStatus> of) {
        FunctionCounter.builder(name, scrape, s -> of.applyAsDouble(s.status())).register(registry);
    }

    /// Counters of one kind of request.
    Operation operation(String name) {
        return new Operation(name, registry);
    }

    void in(long bytes) {
        bytesIn.add(bytes);
    }

    void out(long bytes) {
        bytesOut.add(bytes);
    }

    void hot() {
        hot.increment();
    }

    /// All of it, in the text format of Prometheus. Blocks a little.
    String scrape() {
        return registry.scrape();
    }

    /// One kind of request, by the class of its answer's status.
    static final class Operation {
        private final String name;
        private final Timer[] byClass = new Timer[6];
        private final Counter aborted;

        private Operation(String name, PrometheusMeterRegistry registry) {
            this.name = name;
            for (int c = 2; c < byClass.length; c++) {
                byClass[c] = Timer.builder("acervo.http.requests")
                        .description("Requests, from their header to the end of their answer")
                        .tag("operation", name)
                        .tag("status", c + "xx")
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
            }
            byClass[0] = byClass[2];
            byClass[1] = byClass[2];
            aborted = Counter.builder("acervo.http.requests.aborted")
                    .description("Answers that were cut off, by the client or because of damage")
                    .tag("operation", name)
                    .register(registry);
        }

        String name() {
            return name;
        }

        void done(int status, long nanos) {
            byClass[Math.clamp(status / 100, 2, 5)].record(nanos, TimeUnit.NANOSECONDS);
        }

        void aborted() {
            aborted.increment();
        }
    }

    /// One status for all gauges of one scrape.
    private static final class Scrape {
        private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

        private final Depot depot;
        private @Nullable DepotStatus last;
        private long at;

        Scrape(Depot depot) {
            this.depot = depot;
        }

        synchronized DepotStatus status() {
            DepotStatus there = last;
            if (there == null || System.nanoTime() - at > FRESH_NANOS) {
                there = depot.status();
                last = there;
                at = System.nanoTime();
            }
            return there;
        }
    }
}
