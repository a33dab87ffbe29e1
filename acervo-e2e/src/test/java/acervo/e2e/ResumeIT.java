package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A transfer that is cut at a random byte goes on from there, also when the server was killed meanwhile.
final class ResumeIT {
    private static final long SIZE = Long.getLong("acervo.resume.bytes", 1L << 30);

    /// What a resumed transfer may send twice: what was on its way and not yet in a whole block on the server's
    /// disk.
    private static final long SLACK = 32 << 20;

    @TempDir
    private Path folder;

    @Test
    void aCutPutGoesOnWhereItStopped() throws Exception {
        Random random = new Random(Bytes.seed());
        try (Server server = Server.start(folder.resolve("data"));
                CuttingProxy wire = new CuttingProxy(server.port())) {
            Person ana = new Person(folder.resolve("ana"), wire.address()).with("ACERVO_RETRY_SECONDS", "0");
            ana.does("whoami").ok();
            Path file = ana.file("big.iso");
            String sha = Bytes.make(file, SIZE, random);
            long at = SLACK * 2 + random.nextLong(SIZE - SLACK * 4);
            wire.cutAfterUp(at);
            Process put = ana.starts("put", "big.iso");
            wire.awaitCut();
            assertNotEquals(0, put.waitFor(), ana::background);
            server.kill();
            server.restart();
            wire.mend();
            ana.does("put", "big.iso").ok();
            assertTrue(wire.up() < SIZE - at + SLACK, "cut at " + at + ", and " + wire.up() + " bytes were sent again");
            Files.delete(file);
            ana.does("get", "big.iso").ok();
            assertEquals(sha, Bytes.sha256(file));
        }
    }

    @Test
    void aCutGetGoesOnWhereItStopped() throws Exception {
        Random random = new Random(Bytes.seed());
        try (Server server = Server.start(folder.resolve("data"));
                CuttingProxy wire = new CuttingProxy(server.port())) {
            Person ana = new Person(folder.resolve("ana"), wire.address()).with("ACERVO_RETRY_SECONDS", "0");
            Path file = ana.file("big.iso");
            String sha = Bytes.make(file, SIZE, random);
            ana.does("put", "big.iso").ok();
            Files.delete(file);
            long at = SLACK * 2 + random.nextLong(SIZE - SLACK * 4);
            wire.cutAfterDown(at);
            Process get = ana.starts("get", "big.iso");
            wire.awaitCut();
            assertNotEquals(0, get.waitFor(), ana::background);
            assertTrue(Files.notExists(file), "a part of a file must not look like the file");
            server.kill();
            server.restart();
            wire.mend();
            ana.does("get", "big.iso").ok();
            assertTrue(wire.down() < SIZE - at + SLACK, "cut at " + at + ", and " + wire.down() + " bytes came again");
            assertEquals(sha, Bytes.sha256(file));
        }
    }
}
