package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The memory cache from outside: what the system sees of it, what `status` and `/metrics` say.
final class CacheIT {
    private static final int SMALL = 50_000;

    @TempDir
    private Path folder;

    private final Random random = new Random(Bytes.seed());

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static URI file(Server server, String name) {
        return server.uri("/v1/files/home/" + name);
    }

    /// A series of `/metrics`.
    private static long metric(Web web, Server server, String name) {
        String all = web.send(web.request(server.uri("/metrics")).GET()).body();
        return all.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in\n" + all));
    }

    /// The calls by which the server reads files of its data folder while something runs.
    private List<String> diskReads(Server server, Runnable work) throws Exception {
        Path seen = folder.resolve("strace.out");
        Process strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-y",
                        "-qq",
                        "-o",
                        seen.toString(),
                        "-e",
                        "trace=read,pread64,readv,preadv,preadv2,sendfile,splice,copy_file_range,mmap,openat,open",
                        "-p",
                        Long.toString(server.handle().pid()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("strace.log").toFile())
                .start();
        try {
            Traced.await(server.handle().pid());
            work.run();
        } finally {
            strace.destroy();
            strace.waitFor();
        }
        try (var lines = Files.lines(seen)) {
            return lines.filter(line -> line.contains(server.data().toString())).toList();
        }
    }

    @Test
    void workingSetThatFitsIsServedWithNoDiskReads() throws Exception {
        assumeTrue(
                Program.run(List.of("sh", "-c", "command -v strace"), Map.of(), Path.of("/"), null)
                                .exit()
                        == 0,
                "needs strace");
        try (Server server = Server.start(folder.resolve("data"), "--cache", "16M");
                Web web = new Web(server)) {
            List<byte[]> contents = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                // Also some that are too large for the small blobs' store.
                contents.add(bytes(i % 25 == 0 ? 1_500_000 : SMALL));
                assertEquals(
                        201, web.put(file(server, "hot" + i), contents.get(i)).statusCode());
            }
            assertEquals(201, web.put(file(server, "cold"), bytes(SMALL)).statusCode());
            Runnable readAll = () -> {
                for (int i = 0; i < contents.size(); i++) {
                    assertArrayEquals(
                            contents.get(i), web.get(file(server, "hot" + i)).body());
                }
            };
            readAll.run();
            readAll.run();
            readAll.run();
            long hits = metric(web, server, "acervo_cache_hits_total");
            long misses = metric(web, server, "acervo_cache_misses_total");
            assertEquals(List.of(), diskReads(server, readAll));
            assertEquals(100, freshMetric(web, server, "acervo_cache_hits_total", hits) - hits);
            assertEquals(misses, metric(web, server, "acervo_cache_misses_total"));
            List<String> cold = diskReads(server, () -> web.get(file(server, "cold")));
            assertTrue(!cold.isEmpty(), "a read of the disk is not seen: this test proves nothing");
        }
    }

    /// Metrics are read anew twice a second.
    private static long freshMetric(Web web, Server server, String name, long old) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        long now;
        do {
            now = metric(web, server, name);
        } while (now == old && System.nanoTime() < deadline);
        return now;
    }

    @Test
    void scanOfTenTimesItsSizeDoesNotEvictTheHotSet() {
        try (Server server = Server.start(folder.resolve("data"), "--cache", "4M");
                Web web = new Web(server)) {
            int hot = 40;
            int scanned = 10 * (4 << 20) / SMALL;
            for (int i = 0; i < hot; i++) {
                assertEquals(201, web.put(file(server, "hot" + i), bytes(SMALL)).statusCode());
            }
            for (int i = 0; i < scanned; i++) {
                assertEquals(
                        201, web.put(file(server, "scan" + i), bytes(SMALL)).statusCode());
            }
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < hot; i++) {
                    web.get(file(server, "hot" + i));
                }
            }
            for (int i = 0; i < scanned; i++) {
                assertEquals(SMALL, web.get(file(server, "scan" + i)).body().length);
            }
            Person ann = new Person(folder.resolve("ann"), server.address());
            long hits = cache(ann, "hits");
            long misses = cache(ann, "misses");
            for (int i = 0; i < hot; i++) {
                web.get(file(server, "hot" + i));
            }
            long missed = cache(ann, "misses") - misses;
            assertTrue(missed <= hot / 20, missed + " of " + hot + " hot files were thrown out");
            assertEquals(hot, cache(ann, "hits") - hits + missed);
            assertTrue(cache(ann, "bytes") <= 4 << 20);
            assertEquals(4 << 20, cache(ann, "limit"));
            String said = ann.does("status").ok().out();
            assertTrue(
                    said.matches("(?s).*cache +[0-9,]+ hits, [0-9,]+ misses, [0-9,]+ evictions; .* of 4.0 MiB.*"),
                    said);
        }
    }

    private static long cache(Person person, String field) {
        String json = person.does("status", "--json").ok().out();
        return Long.parseLong(json.replaceAll("(?s).*\"cache\":\\s*\\{[^}]*\"" + field + "\":\\s*([0-9]+).*", "$1"));
    }

    @Test
    void fileThatChangesUnderLoadIsNeverServedOld() throws Exception {
        int versions = 400;
        try (Server server = Server.start(folder.resolve("data"));
                Web web = new Web(server);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger acknowledged = new AtomicInteger();
            web.put(file(server, "f"), version(0));
            List<Future<Integer>> readers = new ArrayList<>();
            for (int r = 0; r < 4; r++) {
                Callable<Integer> reader = () -> {
                    int reads = 0;
                    for (int seen = 0; seen < versions; reads++) {
                        int least = acknowledged.get();
                        byte[] body = web.get(file(server, "f")).body();
                        int read = ByteBuffer.wrap(body).getInt();
                        assertTrue(read >= least, "read version " + read + " after " + least + " was acknowledged");
                        assertTrue(read >= seen, "read version " + read + " after " + seen);
                        assertArrayEquals(version(read), body);
                        seen = read;
                    }
                    return reads;
                };
                readers.add(threads.submit(reader));
            }
            for (int v = 1; v <= versions; v++) {
                assertEquals(200, web.put(file(server, "f"), version(v)).statusCode());
                acknowledged.set(v);
            }
            for (Future<Integer> reader : readers) {
                assertTrue(reader.get() > 0);
            }
        }
    }

    private static byte[] version(int v) {
        return ByteBuffer.allocate(2_000 + v).putInt(v).array();
    }

    @Test
    void cacheOfAnySizeGetsTheHeapThatItNeeds() {
        try (Server server = Server.start(folder.resolve("data"), "--cache", "600M")) {
            Person ann = new Person(folder.resolve("ann"), server.address());
            assertEquals(600L << 20, cache(ann, "limit"));
        }
        Person keeper = new Person(folder.resolve("keeper"), "").with("ACERVO_JAVA_OPTS", "-Xmx100m");
        String said = keeper.does("serve", "--cache", "600M", "--listen", "127.0.0.1:0")
                .ended(1)
                .err();
        assertTrue(said.contains("a memory cache of 600 MiB needs a heap of 1060 MiB"), said);
    }
}
