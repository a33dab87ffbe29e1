package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Disks that are full, and disks that fail.
final class DiskIT {
    private final Random random = new Random(Bytes.seed());

    @TempDir
    private Path folder;

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void aFullDiskRefusesDepositsAndNothingElse() throws Exception {
        assumeTrue(Disks.possible(), "needs root and loop devices");
        try (Disks disk = Disks.small(folder, 256);
                Server server = Server.start(disk.path().resolve("data"))) {
            Person ana = new Person(folder.resolve("ana"), server.address());
            Files.write(ana.file("kept.bin"), bytes(300_000));
            Files.write(ana.file("large.bin"), bytes(30 << 20));
            Files.write(ana.file("more.bin"), bytes(5 << 20));
            Files.write(ana.file("small.bin"), bytes(100));
            ana.does("put", "kept.bin").ok();
            ana.does("put", "large.bin").ok();

            disk.fill(200);
            for (String file : List.of("more.bin", "small.bin")) {
                String said = ana.does("put", file).ended(4).err();
                assertTrue(said.contains("full"), said);
                ana.does("get", file, "-o", "-").ended(4);
            }
            assertArrayEquals(Files.readAllBytes(ana.file("kept.bin")), fetch(ana, "kept.bin"));
            assertTrue(ana.does("ls").ok().out().contains("large.bin"));
            ana.does("status").ok();
            ana.does("rm", "large.bin").ok();
            ana.does("get", "large.bin", "-o", "-").ended(4);

            disk.relieve();
            ana.does("put", "more.bin").ok();
            ana.does("put", "small.bin").ok();
            server.kill();
            server.restart();
            assertArrayEquals(Files.readAllBytes(ana.file("more.bin")), fetch(ana, "more.bin"));
            ana.does("get", "large.bin", "-o", "-").ended(4);
        }
    }

    /// Nobody gives room back: what `rm` lets go of must be enough by itself.
    @Test
    void removingFilesMakesRoomOnAFullDisk() throws Exception {
        assumeTrue(Disks.possible(), "needs root and loop devices");
        try (Disks disk = Disks.small(folder, 256);
                Server server = Server.start(disk.path().resolve("data"));
                Web web = new Web(server)) {
            List<String> stored = new ArrayList<>();
            HttpResponse<String> answer;
            do {
                String path = "/v1/files/home/f" + stored.size();
                answer = web.put(server.uri(path), bytes(8 << 20));
                if (answer.statusCode() == 201) {
                    stored.add(path);
                }
            } while (answer.statusCode() == 201 && stored.size() < 100);
            assertEquals(507, answer.statusCode(), answer.body());
            assertTrue(stored.size() > 5, "only " + stored.size() + " files fitted");
            for (String path : stored.subList(0, stored.size() / 2)) {
                assertEquals(
                        204, web.send(web.request(server.uri(path)).DELETE()).statusCode());
            }
            // The room comes back within moments; until then the answer stays 507.
            long deadline = System.nanoTime() + 60_000_000_000L;
            do {
                answer = web.put(server.uri("/v1/files/home/again"), bytes(8 << 20));
            } while (answer.statusCode() == 507 && System.nanoTime() < deadline);
            assertEquals(201, answer.statusCode(), answer.body());
            for (String path : stored.subList(stored.size() / 2, stored.size())) {
                assertEquals(200, web.get(server.uri(path)).statusCode());
            }
        }
    }

    /// From the n-th call on, every fsync and fdatasync of the server fails. Whatever was acknowledged before is
    /// there after a restart, and nothing is acknowledged that is not.
    @ParameterizedTest
    @CsvSource({"1,100", "2,100", "3,100", "1,3000000", "2,3000000", "4,3000000"})
    void aFailingForceIsNeverAcknowledged(int nth, int size) throws Exception {
        assumeTrue(
                Program.run(List.of("sh", "-c", "command -v strace"), Map.of(), Path.of("/"), null)
                                .exit()
                        == 0,
                "needs strace");
        Path data = folder.resolve("data");
        byte[] before = bytes(5000);
        List<byte[]> acknowledged = new ArrayList<>();
        Web web;
        try (Server healthy = Server.start(data)) {
            web = new Web(healthy);
            assertEquals(
                    201, web.put(healthy.uri("/v1/files/home/before"), before).statusCode());
            long pid = healthy.handle().pid();
            Process strace = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-qq",
                            "-o",
                            "/dev/null",
                            "-e",
                            "trace=fsync,fdatasync",
                            "-e",
                            "inject=fsync,fdatasync:error=EIO:when=" + nth + "+",
                            "-p",
                            Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("strace.log").toFile())
                    .start();
            try {
                Traced.await(pid);
                StringBuilder said = new StringBuilder();
                for (int n = 0; n < 5; n++) {
                    byte[] bytes = bytes(size);
                    try {
                        HttpResponse<String> answer = web.put(healthy.uri("/v1/files/home/f" + n), bytes);
                        said.append(answer.statusCode())
                                .append(' ')
                                .append(answer.body())
                                .append('\n');
                        if (answer.statusCode() == 201) {
                            acknowledged.add(bytes);
                        } else {
                            assertTrue(answer.statusCode() >= 500, answer.statusCode() + " " + answer.body());
                        }
                    } catch (Web.Broken e) {
                        break;
                    }
                }
                // A force may be needed only every so often, but five durable deposits need more than nth of them.
                assertTrue(acknowledged.size() < 5, "every deposit was acknowledged though no force succeeded");
                assertArrayEquals(
                        before, web.get(healthy.uri("/v1/files/home/before")).body(), "reading goes on");
                assertNotEquals(200, status(web, healthy, "/health/ready"), () -> said + healthy.log());
            } finally {
                strace.destroy();
                strace.waitFor();
            }
            healthy.kill();
            healthy.restart();
            assertArrayEquals(
                    before, web.get(healthy.uri("/v1/files/home/before")).body());
            for (int n = 0; n < acknowledged.size(); n++) {
                assertArrayEquals(
                        acknowledged.get(n),
                        web.get(healthy.uri("/v1/files/home/f" + n)).body());
            }
            assertEquals(
                    201,
                    web.put(healthy.uri("/v1/files/home/after"), bytes(size)).statusCode());
        }
        web.close();
    }

    private static int status(Web web, Server server, String path) {
        return web.send(web.request(server.uri(path)).GET()).statusCode();
    }

    private static byte[] fetch(Person person, String name) throws java.io.IOException {
        person.does("get", name, "-o", "fetched.bin", "--force").ok();
        return Files.readAllBytes(person.file("fetched.bin"));
    }
}
