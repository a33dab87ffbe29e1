package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A byte that changed on the server's disk is found, reported, never handed out, and healed by a new deposit.
final class DamageIT {
    private final Random random = new Random(Bytes.seed());

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {16, 4096, 900_000, 5_000_000})
    void aFlippedByteIsFoundByReading(int size) throws IOException {
        try (Server server = Server.start(folder.resolve("data"));
                Web web = new Web(server)) {
            byte[] bytes = stored(server, web, "x.bin", size);
            server.stop();
            flip(server.data(), bytes, random.nextInt(size));
            server.restart();
            for (int attempt = 0; attempt < 3; attempt++) {
                assertNotHandedOut(web, server, "x.bin");
            }
            assertTrue(quarantined(server.data()), "the damaged copy is kept aside");
            assertEquals(2, web.put(server.uri("/v1/files/home/x.bin"), bytes).statusCode() / 100);
            assertArrayEquals(bytes, web.get(server.uri("/v1/files/home/x.bin")).body());
        }
    }

    @Test
    void theCommandLineSaysSoAndLeavesNoFile() throws IOException {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = new Person(folder.resolve("ana"), server.address());
            byte[] bytes = new byte[3_000_000];
            random.nextBytes(bytes);
            Files.write(ana.file("x.bin"), bytes);
            ana.does("put", "x.bin").ok();
            Files.delete(ana.file("x.bin"));
            server.stop();
            flip(server.data(), bytes, 2_500_000);
            server.restart();
            String said = ana.does("get", "x.bin").ended(1).err();
            assertTrue(said.contains("x.bin") && said.contains("damaged"), said);
            assertFalse(Files.exists(ana.file("x.bin")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 5_000_000})
    void verifyFindsItWhereNobodyReads(int size) throws IOException {
        try (Server server = Server.start(folder.resolve("data"));
                Web web = new Web(server)) {
            Person operator = new Person(folder.resolve("operator"), server.address());
            stored(server, web, "good.bin", size);
            byte[] bytes = stored(server, web, "bad.bin", size);
            operator.does("verify", "--data", server.data().toString()).ok();
            flip(server.data(), bytes, size / 2);
            String said = operator.does("verify", "--data", server.data().toString())
                    .ended(1)
                    .out();
            assertTrue(said.contains(Bytes.sha256(bytes).substring(0, 12)), said);
            assertTrue(quarantined(server.data()));
            assertNotHandedOut(web, server, "bad.bin");
            assertEquals(200, web.get(server.uri("/v1/files/home/good.bin")).statusCode());
        }
    }

    private byte[] stored(Server server, Web web, String name, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        assertEquals(201, web.put(server.uri("/v1/files/home/" + name), bytes).statusCode());
        return bytes;
    }

    private static void assertNotHandedOut(Web web, Server server, String name) {
        try {
            HttpResponse<byte[]> answer = web.get(server.uri("/v1/files/home/" + name));
            assertNotEquals(200, answer.statusCode());
            assertTrue(
                    new String(answer.body(), StandardCharsets.UTF_8).contains("data_loss"),
                    "an answer that says what is the matter");
        } catch (Web.Broken e) {
            // Cut off in the middle: the client knows that it has no whole file.
        }
    }

    /// Changes one byte of the only place below `data` that holds `bytes` (or their first 4,000).
    private static void flip(Path data, byte[] bytes, int at) throws IOException {
        byte[] needle = bytes.length > 4000 ? java.util.Arrays.copyOf(bytes, 4000) : bytes;
        int flipped = 0;
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().contains("segments") && !file.toString().contains("blobs")) {
                    continue;
                }
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                String wanted = new String(needle, StandardCharsets.ISO_8859_1);
                int found = text.indexOf(wanted);
                if (found >= 0) {
                    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                        raw.seek(found + at);
                        int was = raw.read();
                        raw.seek(found + at);
                        raw.write(was ^ 0x10);
                    }
                    flipped++;
                }
            }
        }
        assertEquals(1, flipped, "the bytes should be in one place on disk");
    }

    private static boolean quarantined(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            List<Path> aside = files.filter(Files::isRegularFile)
                    .filter(file -> data.relativize(file).toString().contains("quarantine"))
                    .toList();
            return !aside.isEmpty();
        }
    }
}
