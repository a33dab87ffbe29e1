package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `serve --share`: a folder of the server's machine that every client reads straight from disk.
final class ShareIT {
    @TempDir
    private Path folder;

    private final Random random = new Random(Bytes.seed());
    private Path shared;
    private Server server;
    private Person ann;

    @BeforeEach
    void start() throws IOException {
        shared = Files.createDirectory(folder.resolve("Photos 2026"));
        server = Server.start(folder.resolve("data"), "--share", shared + ":photos");
        ann = new Person(folder.resolve("ann"), server.address());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String write(String name, int size) throws IOException {
        Path file = shared.resolve(name);
        Files.createDirectories(file.getParent());
        return Bytes.make(file, size, random);
    }

    @Test
    void everyClientListsAndRecoversWhatIsThereNow() throws IOException {
        String small = write("a.txt", 10);
        String large = write("2026/março/praia.mp4", 5_000_000);
        assertTrue(ann.does("space", "ls").ok().out().contains("photos  reader"));
        assertEquals("2026/\na.txt\n", ann.does("ls", "photos:").ok().out());
        assertEquals(
                "2026/março/praia.mp4\na.txt\n",
                ann.does("ls", "-r", "photos:").ok().out());
        ann.does("get", "photos:a.txt").ok();
        assertEquals(small, Bytes.sha256(ann.file("a.txt")));
        Person bia = new Person(folder.resolve("bia"), server.address());
        bia.does("get", "-r", "photos:", "-o", "all").ok();
        assertEquals(large, Bytes.sha256(bia.file("all/2026/março/praia.mp4")));
        assertTrue(bia.does("info", "photos:2026/março/praia.mp4").ok().out().contains(large));
        // Changed, made, renamed and removed on the server's machine: seen at once.
        String changed = write("a.txt", 20);
        ann.does("get", "photos:a.txt", "-o", "b.txt").ok();
        assertEquals(changed, Bytes.sha256(ann.file("b.txt")));
        Files.move(shared.resolve("a.txt"), shared.resolve("z.txt"));
        assertEquals("2026/\nz.txt\n", ann.does("ls", "photos:").ok().out());
        ann.does("get", "photos:a.txt", "-o", "c.txt").ended(4);
        // Nothing of it went into the server's own store.
        assertTrue(ann.does("status", "--json").ok().out().matches("(?s).*\"blobs\":\\s*0,.*"));
    }

    @Test
    void rangesAndConditionsWorkOnIt() throws IOException {
        write("movie.bin", 3_000_000);
        byte[] content = Files.readAllBytes(shared.resolve("movie.bin"));
        try (Web web = new Web(server)) {
            var uri = server.uri("/v1/files/photos/movie.bin");
            HttpResponse<byte[]> whole = web.get(uri);
            assertArrayEquals(content, whole.body());
            String etag = whole.headers().firstValue("ETag").orElseThrow();
            assertTrue(whole.headers().firstValue("Repr-Digest").orElseThrow().startsWith("sha-256=:"));
            HttpResponse<byte[]> part = web.sendFor(
                    web.request(uri).header("Range", "bytes=2000000-2000099").header("If-Range", etag),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(206, part.statusCode());
            assertArrayEquals(Arrays.copyOfRange(content, 2_000_000, 2_000_100), part.body());
            assertEquals(
                    304,
                    web.send(web.request(uri).header("If-None-Match", etag)).statusCode());
            write("movie.bin", 3_000_000);
            assertEquals(
                    200,
                    web.send(web.request(uri).header("If-None-Match", etag)).statusCode());
            assertEquals(
                    "3000000",
                    web.send(web.request(uri).HEAD())
                            .headers()
                            .firstValue("Content-Length")
                            .orElseThrow());
        }
    }

    @Test
    void nothingCanBeChangedFromOutside() throws IOException {
        write("a", 10);
        Files.writeString(ann.file("b"), "b");
        String why = "photos is a folder that the server shares: it can be read, and not changed from here";
        for (String[] command : new String[][] {
            {"put", "b", "photos:"},
            {"put", "b", "photos:a"},
            {"put", "-r", ".", "photos:new"},
            {"rm", "photos:a"},
            {"mv", "photos:a", "photos:b"},
            {"replicas", "photos:a", "1"},
            {"space", "grant", "photos", "123e4567-e89b-12d3-a456-426614174000", "write"},
            {"space", "rm", "photos"}
        }) {
            Program.Run run = ann.does(command);
            assertTrue(run.exit() == 4 || run.exit() == 3, () -> String.join(" ", command) + run);
            assertTrue(run.err().contains(why), () -> String.join(" ", command) + run);
        }
        ann.does("space", "create", "photos").ended(4);
        assertEquals("a\n", ann.does("ls", "photos:").ok().out());
        assertTrue(ann.speaking("pt_BR.UTF-8")
                .does("rm", "photos:a")
                .ended(4)
                .err()
                .contains("é uma pasta que o servidor compartilha"));
    }

    @Test
    void linksLeadNowhere() throws IOException {
        Files.writeString(folder.resolve("secret"), "secret");
        Files.createSymbolicLink(shared.resolve("file"), folder.resolve("secret"));
        Files.createSymbolicLink(shared.resolve("up"), Path.of(".."));
        assertEquals("", ann.does("ls", "photos:").ok().out());
        ann.does("get", "photos:file").ended(4);
        ann.does("get", "photos:up/secret").ended(4);
        try (Web web = new Web(server)) {
            for (String path : new String[] {"up/secret", "file", "..%2fsecret", "%2e%2e/secret", "up/../../secret"}) {
                int status = web.send(web.request(server.uri("/v1/files/photos/" + path)))
                        .statusCode();
                assertTrue(status == 404 || status == 400, path + " " + status);
            }
        }
        assertFalse(Files.exists(ann.file("file")));
    }

    @Test
    void folderThatVanishesIsSaidSoAndComesBack() throws IOException {
        write("a", 10);
        Files.move(shared, folder.resolve("away"));
        Program.Run run =
                ann.with("ACERVO_RETRY_SECONDS", "0").does("ls", "photos:").ended(5);
        assertTrue(run.err().contains("the shared folder photos can't be read now"), run.err());
        assertTrue(ann.does("ls").ok().out().isEmpty());
        Files.move(folder.resolve("away"), shared);
        assertEquals("a\n", ann.does("ls", "photos:").ok().out());
    }

    @Test
    void aNameThatIsTakenIsRefusedAtTheStart() throws IOException {
        ann.does("space", "create", "papers").ok();
        server.stop();
        Person keeper = new Person(folder.resolve("keeper"), "");
        String data = folder.resolve("data").toString();
        for (String name : new String[] {"papers", "home", "public"}) {
            Program.Run run =
                    keeper.does("serve", "--data", data, "--listen", "127.0.0.1:0", "--share", shared + ":" + name);
            assertEquals(1, run.exit(), run.err());
            assertTrue(run.err().contains("can't be shared as " + name + ", because that name is taken"), run.err());
        }
        String missing = keeper.does(
                        "serve",
                        "--data",
                        data,
                        "--share",
                        folder.resolve("none").toString())
                .ended(1)
                .err();
        assertTrue(missing.contains("is no folder"), missing);
        String unnamed = keeper.does("serve", "--data", data, "--share", shared.toString())
                .ended(2)
                .err();
        assertTrue(unnamed.contains("--share DIR:NAME"), unnamed);
    }
}
