package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the server at random moments, while files of all sizes are deposited, replaced and removed.
///
/// `-Dacervo.kills=200` for the long form; the build does fewer.
final class KillIT {
    private static final int KILLS = Integer.getInteger("acervo.kills", 15);
    private static final int WRITERS = 6;

    /// For each path what it may hold: the hash of what was acknowledged last, and of what was asked for since
    /// without an answer.
    /// `""` stands for absent.
    private final Map<String, Set<String>> possible = new ConcurrentHashMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void everyAcknowledgedDepositSurvivesAndNothingTornIsSeen() throws Exception {
        long seed = Bytes.seed();
        Random random = new Random(seed);
        Server server = Server.start(folder.resolve("data"));
        try (Web web = new Web(server)) {
            for (int kill = 0; kill < KILLS; kill++) {
                CountDownLatch stop = new CountDownLatch(1);
                CountDownLatch some = new CountDownLatch(random.nextInt(30));
                Thread[] writers = new Thread[WRITERS];
                for (int w = 0; w < WRITERS; w++) {
                    Random own = new Random(random.nextLong());
                    String prefix = "w" + w;
                    Server target = server;
                    writers[w] = Thread.ofVirtual().start(() -> write(web, target, prefix, own, stop, some));
                }
                assertTrue(some.await(60, TimeUnit.SECONDS), "the server takes nothing " + when(kill, seed));
                // The moment within a deposit is the fault that is tested, not a wait for something.
                stop.await(random.nextInt(10_000), TimeUnit.MICROSECONDS);
                server.kill();
                stop.countDown();
                for (Thread writer : writers) {
                    writer.join();
                }
                server.restart();
                check(web, server, when(kill, seed));
            }
            System.out.println(KILLS + " kills, " + acknowledged + " acknowledged, " + possible.size() + " paths");
            assertTrue(acknowledged.get() > KILLS, "hardly anything was deposited");
        } finally {
            server.close();
        }
    }

    private static String when(int kill, long seed) {
        return "at kill " + kill + " with seed " + seed;
    }

    private void write(Web web, Server server, String prefix, Random random, CountDownLatch stop, CountDownLatch some) {
        while (stop.getCount() > 0) {
            String path = prefix + "/f" + random.nextInt(40);
            boolean remove = random.nextInt(8) == 0;
            byte[] bytes = new byte[remove ? 0 : size(random)];
            random.nextBytes(bytes);
            String wanted = remove ? "" : Bytes.sha256(bytes);
            Set<String> may = possible.computeIfAbsent(path, p -> ConcurrentHashMap.newKeySet());
            if (may.isEmpty()) {
                may.add("");
            }
            may.add(wanted);
            try {
                var uri = server.uri("/v1/files/home/" + path);
                HttpResponse<String> answer = remove ? web.send(web.request(uri).DELETE()) : web.put(uri, bytes);
                int status = answer.statusCode();
                if (status / 100 == 2 || remove && status == 404) {
                    may.retainAll(Set.of(wanted));
                    acknowledged.incrementAndGet();
                    some.countDown();
                } else if (status != 503) {
                    throw new AssertionError(path + ": " + status + " " + answer.body());
                }
            } catch (Web.Broken e) {
                return;
            }
        }
    }

    private static int size(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1, 2 -> random.nextInt(5_000);
            case 3 -> random.nextInt(200_000);
            case 4 -> (1 << 20) + random.nextInt(3) - 1;
            default -> random.nextInt(6_000_000);
        };
    }

    private void check(Web web, Server server, String when) {
        possible.forEach((path, may) -> {
            HttpResponse<byte[]> answer = web.get(server.uri("/v1/files/home/" + path));
            String found = answer.statusCode() == 404 ? "" : Bytes.sha256(answer.body());
            assertTrue(answer.statusCode() == 404 || answer.statusCode() == 200, path + " " + answer.statusCode());
            assertTrue(may.contains(found), path + " holds something else " + when + ": " + found + ", not " + may);
            may.retainAll(Set.of(found));
            if (answer.statusCode() == 200) {
                String digest = answer.headers().firstValue("Repr-Digest").orElseThrow();
                byte[] sha = java.util.HexFormat.of().parseHex(found);
                assertEquals("sha-256=:" + java.util.Base64.getEncoder().encodeToString(sha) + ":", digest);
            }
        });
    }
}
