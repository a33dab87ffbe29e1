package acervo.share;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class SharedFolderTest {
    @TempDir
    private Path temp;

    private Path root;
    private SharedFolder share;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectory(temp.resolve("root"));
        share = new SharedFolder(new SpaceName("photos"), root, Clock.systemUTC());
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private String read(String path) {
        SharedFolder.Opened opened = share.open(new FilePath(path));
        try (var bytes = opened.bytes()) {
            ByteBuffer into = ByteBuffer.allocate((int) bytes.length());
            bytes.read(0, into);
            assertEquals(sha256(into.array()), opened.entry().content().blob());
            return new String(into.array(), StandardCharsets.UTF_8);
        }
    }

    private static BlobId sha256(byte[] bytes) {
        try {
            return BlobId.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reason reason(Executable executable) {
        return assertThrows(RefusedException.class, executable).refusal().reason();
    }

    private List<String> list(String folder, boolean recursive, @Nullable String after, int limit) {
        List<String> lines = new ArrayList<>();
        SharedFolder.Listing listing =
                share.list(new FilePath(folder), recursive, after == null ? null : new FilePath(after), limit);
        listing.lines().forEach(line -> lines.add(line.path() + (line.entry().isPresent() ? "" : "/")));
        if (listing.more()) {
            lines.add("...");
        }
        return lines;
    }

    @Test
    void filesAreListedInTheOrderOfPathsPageByPage() throws IOException {
        for (String name : List.of("b", "a/x", "a/y/z", "a-b", "c/d")) {
            write(name, name);
        }
        Files.createDirectory(root.resolve("empty"));
        assertEquals(List.of("a/", "a-b", "b", "c/", "empty/"), list("", false, null, 100));
        List<String> all = List.of("a/x", "a/y/z", "a-b", "b", "c/d", "empty");
        assertEquals(all, list("", true, null, 100));
        for (boolean recursive : new boolean[] {false, true}) {
            for (int limit = 1; limit < 7; limit++) {
                List<String> paged = new ArrayList<>();
                String after = null;
                boolean more = true;
                while (more) {
                    List<String> page = new ArrayList<>(list("", recursive, after, limit));
                    more = page.remove("...");
                    paged.addAll(page);
                    after = page.isEmpty() ? null : page.getLast().replaceAll("/$", "");
                }
                assertEquals(list("", recursive, null, 100), paged, limit + " a page");
            }
        }
        assertEquals(List.of("a/x", "a/y/"), list("a", false, null, 100));
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> list("none", false, null, 100)));
    }

    @Test
    void fileIsReadWithItsDigestWhichIsComputedOnce() throws IOException {
        write("d/f", "hello");
        assertEquals(
                SharedFolder.NOT_HASHED,
                share.file(new FilePath("d/f")).orElseThrow().content().blob());
        assertEquals("hello", read("d/f"));
        assertEquals(
                sha256("hello".getBytes(StandardCharsets.UTF_8)),
                share.file(new FilePath("d/f")).orElseThrow().content().blob());
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> read("d/g")));
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> read("d/f/g")));
        assertEquals(Reason.ARGUMENT_INVALID, reason(() -> read("d")));
        assertEquals(Reason.ARGUMENT_INVALID, reason(() -> read("")));
    }

    @Test
    void changeIsSeenEvenIfSizeAndTimeStayTheSame() throws IOException {
        write("f", "one");
        FileTime time = Files.getLastModifiedTime(root.resolve("f"));
        assertEquals("one", read("f"));
        var before = share.open(new FilePath("f"));
        before.bytes().close();
        write("f", "two");
        Files.setLastModifiedTime(root.resolve("f"), time);
        assertEquals("two", read("f"));
        var after = share.open(new FilePath("f"));
        after.bytes().close();
        assertNotEquals(before.entry().version(), after.entry().version());
        write("next", "six");
        Files.setLastModifiedTime(root.resolve("next"), time);
        Files.move(root.resolve("next"), root.resolve("f"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertEquals("six", read("f"));
    }

    @Test
    void quickChangesAreNeverServedWithAnOldDigest() throws IOException {
        for (int i = 0; i < 100; i++) {
            write("f", "version " + i % 10 + " " + i / 10);
            assertEquals("version " + i % 10 + " " + i / 10, read("f"));
        }
    }

    @Test
    void linksAreNeitherFollowedNorShown() throws IOException {
        write("in/f", "inside");
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("folder"), outside);
        Files.createSymbolicLink(root.resolve("in/up"), Path.of("../../outside"));
        Files.createSymbolicLink(root.resolve("inner"), Path.of("in"));
        assertEquals(List.of("in/f"), list("", true, null, 100));
        assertEquals(List.of("in/"), list("", false, null, 100));
        for (String path : List.of("file", "folder/secret", "in/up/secret", "inner/f", "folder", "inner")) {
            assertEquals(Reason.NO_SUCH_FILE, reason(() -> read(path)), path);
            assertEquals(Reason.NO_SUCH_FILE, reason(() -> list(path, true, null, 100)), path);
            assertEquals(Reason.NO_SUCH_FILE, reason(() -> share.file(new FilePath(path))), path);
        }
    }

    @Test
    void folderThatTurnsIntoALinkWhileItIsReadLeadsNowhere() throws Exception {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("f"), "secret");
        write("a/f", "inside");
        Path link = Files.createSymbolicLink(temp.resolve("link"), outside);
        AtomicBoolean stop = new AtomicBoolean();
        Thread swapping = Thread.ofPlatform().start(() -> {
            Path folder = root.resolve("a");
            Path aside = temp.resolve("aside");
            while (!stop.get()) {
                try {
                    Files.move(folder, aside);
                    Files.move(link, folder);
                    Files.move(folder, link);
                    Files.move(aside, folder);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
        try {
            int good = 0;
            for (int i = 0; i < 5_000; i++) {
                try {
                    assertEquals("inside", read("a/f"));
                    good++;
                } catch (RefusedException e) {
                    assertTrue(
                            List.of(Reason.NO_SUCH_FILE, Reason.UNAVAILABLE)
                                    .contains(e.refusal().reason()),
                            e.toString());
                }
            }
            assertTrue(good > 0);
        } finally {
            stop.set(true);
            swapping.join();
        }
    }

    @Test
    void pipeIsNoFileAndNobodyWaitsForIt() throws Exception {
        write("f", "x");
        Process mkfifo = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
        assertEquals(0, mkfifo.waitFor());
        assertEquals(List.of("f"), list("", false, null, 100));
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> read("pipe")));
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> read("pipe/x")));
    }

    @Test
    void namesThatNoAddressHasAreLeftOut() throws IOException {
        write("f", "x");
        write("back\\slash", "x");
        write(".acervo-sync", "x");
        assertEquals(List.of("f"), list("", true, null, 100));
    }

    @Test
    void whatChangesWhileItIsReadIsNotHandedOutToItsEnd() throws IOException {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        Files.write(root.resolve("f"), content);
        try (var bytes = share.open(new FilePath("f")).bytes()) {
            ByteBuffer into = ByteBuffer.allocate(50_000);
            bytes.read(0, into);
            assertArrayEquals(java.util.Arrays.copyOf(content, 50_000), into.array());
            Files.writeString(root.resolve("f"), "shorter");
            assertEquals(Reason.UNAVAILABLE, reason(() -> bytes.read(50_000, ByteBuffer.allocate(50_000))));
            assertEquals(Reason.UNAVAILABLE, reason(() -> bytes.check(0, 10)));
        }
        try (var bytes = share.open(new FilePath("f")).bytes()) {
            Files.delete(root.resolve("f"));
            assertEquals(Reason.NO_SUCH_FILE, reason(() -> bytes.check(0, 1)));
        }
    }

    @Test
    void folderThatVanishedIsSaidSo() throws IOException {
        write("f", "x");
        Files.move(root, temp.resolve("away"));
        RefusedException gone = assertThrows(RefusedException.class, () -> list("", false, null, 100));
        assertEquals(Reason.UNAVAILABLE, gone.refusal().reason());
        assertTrue(gone.getMessage().contains("the shared folder photos can't be read now"), gone.getMessage());
        assertEquals(Reason.UNAVAILABLE, reason(() -> read("f")));
        Files.move(temp.resolve("away"), root);
        assertEquals("x", read("f"));
        assertFalse(list("", false, null, 100).isEmpty());
    }
}
