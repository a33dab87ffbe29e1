package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `serve --share`: a folder of the server's machine that every client reads straight from disk.
final class ShareIT {
    private static final String NOTHING = "Nothing new.\n";
    private static final String NONE = "You wait for nothing.\n";

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

    private static void until(BooleanSupplier done, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!done.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "never came: " + what);
        }
    }

    private static String feed(Web web, Server server) {
        return web.call(server.uri(""), "Feed", "{\"space\":\"photos\"}").body();
    }

    private void untilSeen(String path) {
        try (Web web = new Web(server)) {
            until(() -> feed(web, server).contains('"' + path + '"'), path + " in the feed");
        }
    }

    private void untilNoticed(Person person, String path) {
        until(() -> person.does("notices").ok().out().contains("photos:" + path), "the notice of " + path);
        assertEquals(NOTHING, person.does("notices").ok().out());
    }

    @Test
    void whatIsThereIsSaidAtOnceAndWhatComesIsNoticedOnce() throws IOException {
        write("a.txt", 10);
        untilSeen("a.txt");
        assertTrue(ann.does("want", "photos:a.txt").ok().out().contains("photos:a.txt"));
        assertEquals(NONE, ann.does("wants").ok().out());
        ann.does("want", "photos:b.txt").ok();
        ann.does("want", "photos:in/**/*.pdf", "--keep").ok();
        ann.does("want", "photos:given-up").ok();
        ann.does("unwant", "photos:given-up").ok();
        write("given-up", 10);
        write("b.txt", 20);
        untilNoticed(ann, "b.txt");
        // Folders and a file in them at once, and a file that is renamed in.
        write("in/deep/er/one.pdf", 30);
        untilNoticed(ann, "in/deep/er/one.pdf");
        Bytes.make(folder.resolve("two"), 40, random);
        Files.move(folder.resolve("two"), shared.resolve("in/two.pdf"));
        untilNoticed(ann, "in/two.pdf");
        // Saved anew, as editors do it; other rights alone are no news.
        Bytes.make(shared.resolve("in/two.pdf~"), 41, random);
        Files.move(shared.resolve("in/two.pdf~"), shared.resolve("in/two.pdf"), StandardCopyOption.REPLACE_EXISTING);
        untilNoticed(ann, "in/two.pdf");
        assertTrue(shared.resolve("in/two.pdf").toFile().setExecutable(true));
        write("last", 1);
        untilSeen("last");
        assertEquals(NOTHING, ann.does("notices").ok().out());
        assertTrue(
                ann.does("space", "ls").ok().out().contains("6 files"),
                () -> ann.does("space", "ls").out());
    }

    @Test
    void oneWaitsInATerminalAndGetsTheFile() throws Exception {
        Process waiting = ann.starts("want", "photos:new/*.bin", "--for", "60s", "--wait", "--get", "got");
        until(() -> ann.does("wants").ok().out().contains("photos:new/*.bin"), "the interest");
        String sha256 = write("new/praia.bin", 3_000_000);
        assertTrue(waiting.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, waiting.exitValue(), ann::background);
        assertTrue(ann.background().contains("praia.bin"), ann::background);
        assertTrue(Bytes.sha256(Files.readAllBytes(find(ann.file("got"), "praia.bin")))
                .equals(sha256));
        ann.does("want", "photos:never", "--wait", "--for", "1s").ended(6);
    }

    private static Path find(Path folder, String name) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
        }
    }

    @Test
    void aFileThatIsStillWrittenIsNotToldBeforeItIsWhole() throws IOException {
        ann.does("want", "photos:slow").ok();
        try (OutputStream slow = Files.newOutputStream(shared.resolve("slow"))) {
            slow.write(1);
            // A second name is told by no end of writing: it is left alone for as long as `slow` was, which is older.
            write("done", 10);
            Files.createLink(shared.resolve("second"), shared.resolve("done"));
            untilSeen("second");
            assertEquals(NOTHING, ann.does("notices").ok().out());
            slow.write(new byte[1000]);
        }
        untilNoticed(ann, "slow");
    }

    @Test
    void whatAppearedWhileTheServerWasDownIsNoticedAndWhatWasThereIsNot() throws IOException {
        write("old.txt", 10);
        write("gone.txt", 10);
        untilSeen("old.txt");
        untilSeen("gone.txt");
        ann.does("want", "photos:*.txt", "--keep").ok();
        ann.does("want", "photos:new.txt").ok();
        ann.does("want", "photos:later.txt").ok();
        server.kill();
        write("new.txt", 20);
        Files.delete(shared.resolve("gone.txt"));
        server.restart();
        StringBuilder told = new StringBuilder();
        until(() -> told.append(ann.does("notices").ok().out()).toString().split("new.txt", -1).length > 2, "both");
        assertFalse(told.toString().contains("old.txt"), told::toString);
        server.stop();
        server.restart();
        write("later.txt", 20);
        until(() -> told.append(ann.does("notices").ok().out()).toString().split("later.txt", -1).length > 2, "both");
        assertEquals(3, told.toString().split("new.txt", -1).length, told::toString);
        assertEquals(NOTHING, ann.does("notices").ok().out());
        try (Web web = new Web(server)) {
            until(() -> feed(web, server).matches("(?s).*\"absent\":\\{[^}]*\"path\":\"gone.txt\".*"), "gone.txt gone");
        }
    }

    @Test
    void theFeedIsFollowedLive() throws IOException {
        try (Web web = new Web(server);
                InputStream stream = web.stream(server, "Watch", "{\"spaces\":[{\"space\":\"photos\"}]}")) {
            StringBuilder told = new StringBuilder(Web.message(stream));
            write("x/a", 10);
            untilTold(stream, told, "\"path\":\"x/a\"");
            write("x/a", 11);
            untilTold(stream, told, "\"size\":\"11\"");
            Files.move(shared.resolve("x"), shared.resolve("y"));
            untilTold(stream, told, "\"path\":\"y/a\"");
            untilTold(stream, told, "\"absent\":{");
            Files.delete(shared.resolve("y/a"));
            Files.delete(shared.resolve("y"));
            until(
                    () -> told.append(Web.message(stream)).toString().split("\"absent\":\\{", -1).length > 2,
                    "the removal");
        }
    }

    private static void untilTold(InputStream stream, StringBuilder told, String what) {
        while (!told.toString().contains(what)) {
            told.append(Web.message(stream));
        }
    }

    @Test
    void aFolderThatIsSharedNoMoreIsHiddenUntilItIsAgain() throws IOException {
        write("a", 10);
        untilSeen("a");
        ann.does("want", "photos:b").ok();
        server.stop();
        try (Server without = Server.start(folder.resolve("data"))) {
            Person same = new Person(folder.resolve("ann"), without.address());
            assertFalse(same.does("space", "ls").ok().out().contains("photos"));
            same.does("ls", "photos:").ended(4);
        }
        server.restart();
        write("b", 10);
        untilNoticed(ann, "b");
    }

    @Test
    void aFolderThatTheServerMayNotReadIsNamed() throws IOException {
        write("open/a", 10);
        write("closed/b", 10);
        Files.setPosixFilePermissions(shared.resolve("closed"), Set.of());
        server.stop();
        // Root may read everything, so that it has to be somebody else.
        List<String> somebody = Files.isReadable(shared.resolve("closed"))
                ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                : List.of();
        if (!somebody.isEmpty()) {
            Files.setAttribute(folder, "unix:uid", 65534);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        try (Server other = Server.startUnder(somebody, folder.resolve("other"), "--share", shared + ":photos")) {
            Person bia = new Person(folder.resolve("bia"), other.address());
            assertEquals("closed/\nopen/\n", bia.does("ls", "photos:").ok().out());
            String why = "the server may not read closed";
            for (String[] command : new String[][] {
                {"ls", "photos:closed"}, {"ls", "-r", "photos:"}, {"get", "photos:closed/b"}, {"get", "-r", "photos:"}
            }) {
                Program.Run run = bia.does(command);
                assertTrue(run.exit() != 0 && run.err().contains(why), () -> String.join(" ", command) + run);
            }
            until(() -> bia.does("want", "photos:open/a").ok().out().contains("photos:open/a  "), "open/a");
            until(() -> other.log().contains("closed can't be read"), "the warning");
        } finally {
            Files.setPosixFilePermissions(shared.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void itIsSaidThatItCanNotBeKeptInStep() throws IOException {
        write("a", 10);
        for (String[] command :
                new String[][] {{"sync", "here", "photos:", "--once"}, {"sync", "here", "photos:", "--down", "--once"}
                }) {
            Files.createDirectories(ann.file("here"));
            String why = ann.does(command).ended(2).err();
            assertTrue(why.contains("acervo get -r photos:"), why);
        }
    }
}
