package acervo.sync.local;

import acervo.sync.RootLostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Reads files for their hashes, several at once. Its threads are the platform's: reading blocks them in the system.
final class Hashing implements AutoCloseable {
    /// Fewer bytes than this are read by whoever asks.
    private static final long ALONE = 1 << 20;

    private final Root root;
    private final int lanes;
    private final ThreadPoolExecutor threads;

    Hashing(Root root) {
        this.root = root;
        this.lanes = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
        this.threads = new ThreadPoolExecutor(
                lanes,
                lanes,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("acervo-hash-", 0).factory());
    }

    /// Reads all of them; returns when all are read.
    Map<Found, Reading> all(Session session, List<Found> files) {
        Map<Found, Reading> readings = new HashMap<>();
        long bytes = files.stream().mapToLong(one -> one.stat().size() + 4096).sum();
        if (files.size() == 1 || bytes < ALONE) {
            files.forEach(one -> readings.put(one, read(session, one)));
            return readings;
        }
        List<Future<Map<Found, Reading>>> parts = new ArrayList<>();
        int next = 0;
        for (int part = 0; part < 4 * lanes && next < files.size(); part++) {
            List<Found> mine = new ArrayList<>();
            long share = bytes / (4L * lanes) + 1;
            while (next < files.size() && (mine.isEmpty() || share > 0)) {
                share -= files.get(next).stat().size() + 4096;
                mine.add(files.get(next++));
            }
            parts.add(threads.submit(() -> lane(mine)));
        }
        List<Found> rest = files.subList(next, files.size());
        rest.forEach(one -> readings.put(one, read(session, one)));
        for (Future<Map<Found, Reading>> part : parts) {
            readings.putAll(result(part));
        }
        return readings;
    }

    private static Map<Found, Reading> result(Future<Map<Found, Reading>> part) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return part.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("reading a file failed in an unknown way", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Map<Found, Reading> lane(List<Found> files) {
        Map<Found, Reading> readings = new HashMap<>();
        try (Session own = root.enter()) {
            files.forEach(one -> readings.put(one, read(own, one)));
        } catch (RootLostException _) {
            files.forEach(one -> readings.putIfAbsent(one, new Reading.Changed()));
        }
        return readings;
    }

    /// Reads one while others go on; `done` is called by the thread that read it.
    void later(Found file, BiConsumer<Found, Reading> done) {
        threads.execute(() -> done.accept(file, lane(List.of(file)).get(file)));
    }

    private static Reading read(Session session, Found file) {
        return Reading.of(session, file.path(), file.stat(), file.evenBusy());
    }

    @Override
    public void close() {
        // Nobody is interrupted: one may be forcing the index, whose channel that would close.
        threads.getQueue().clear();
        threads.close();
    }
}
