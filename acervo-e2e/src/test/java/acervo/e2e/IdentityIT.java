package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one client may see and do of another's.
final class IdentityIT {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    @TempDir
    private static Path folder;

    private static Server server;
    private static Person ana;
    private static Person bia;

    @BeforeAll
    static void start() throws IOException {
        server = Server.start(folder.resolve("data"));
        ana = new Person(folder.resolve("ana"), server.address());
        bia = new Person(folder.resolve("bia"), server.address());
        Files.writeString(ana.file("diary.txt"), "ana's secret");
        ana.does("put", "diary.txt").ok();
        Files.writeString(bia.file("diary.txt"), "bia's");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String idOf(Person person) {
        Matcher id = UUID.matcher(person.does("whoami").ok().out());
        assertTrue(id.find());
        return id.group();
    }

    @Test
    void homesAreApart() {
        assertFalse(bia.does("ls").ok().out().contains("diary"));
        bia.does("get", "diary.txt", "-o", "-").ended(4);
        bia.does("rm", "diary.txt").ended(4);
        bia.does("put", "diary.txt").ok();
        assertEquals(
                "ana's secret", ana.does("get", "diary.txt", "-o", "-").ok().out());
        assertEquals("bia's", bia.does("get", "diary.txt", "-o", "-").ok().out());
        bia.does("rm", "diary.txt").ok();
    }

    /// Whatever she puts in the place of a space's name, the answer is that of a space that does not exist.
    @Test
    void anothersHomeHasNoName() {
        String id = idOf(ana);
        String none = bia.does("ls", "nosuchspace:").ended(4).err();
        for (String name : new String[] {id, "home-" + id, id.substring(0, 8)}) {
            assertEquals(
                    none.replace("nosuchspace", name),
                    bia.does("ls", name + ":").ended(4).err());
            bia.does("get", name + ":diary.txt", "-o", "-").ended(4);
            bia.does("put", "diary.txt", name + ":diary.txt").ended(4);
        }
    }

    @Test
    void publicIsShared() throws IOException {
        Files.writeString(ana.file("notice.txt"), "for all");
        ana.does("put", "notice.txt", "public:notice.txt").ok();
        assertTrue(bia.does("ls", "public:").ok().out().contains("notice.txt"));
        assertEquals(
                "for all", bia.does("get", "public:notice.txt", "-o", "-").ok().out());
    }

    @Test
    void aSharedSpaceIsForThoseWhoWereLetIn() throws IOException {
        ana.does("space", "create", "team").ok();
        Files.writeString(ana.file("plan.txt"), "the plan");
        ana.does("put", "plan.txt", "team:plan.txt").ok();
        bia.does("ls", "team:").ended(4);
        ana.does("space", "grant", "team", idOf(bia), "read").ok();
        assertEquals(
                "the plan", bia.does("get", "team:plan.txt", "-o", "-").ok().out());
        bia.does("put", "diary.txt", "team:x.txt").ended(4);
        ana.does("space", "grant", "team", idOf(bia), "write").ok();
        bia.does("put", "diary.txt", "team:x.txt").ok();
        ana.does("space", "revoke", "team", idOf(bia)).ok();
        bia.does("get", "team:plan.txt", "-o", "-").ended(4);
    }

    @Test
    void theIdAndTheSecretRecoverEverythingOnAnotherMachine() throws IOException {
        Path secret = folder.resolve("ana.secret");
        ana.does("whoami", "--secret", secret.toString()).ok();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        Person elsewhere = new Person(folder.resolve("elsewhere"), server.address());
        elsewhere
                .does("login", server.address(), "--id", idOf(ana), "--secret-file", secret.toString())
                .ok();
        assertEquals(
                "ana's secret",
                elsewhere.does("get", "diary.txt", "-o", "-").ok().out());
        assertEquals(idOf(ana), idOf(elsewhere));
    }

    @Test
    void aWrongSecretIsRefusedAndLeavesNothing() throws IOException {
        Path wrong = folder.resolve("wrong.secret");
        ana.does("whoami", "--secret", wrong.toString()).ok();
        String secret = Files.readString(wrong).strip();
        char last = secret.charAt(5);
        Files.writeString(wrong, secret.substring(0, 5) + (last == 'a' ? 'b' : 'a') + secret.substring(6) + "\n");
        Person thief = new Person(folder.resolve("thief"), server.address());
        Program.Run run = thief.does("login", server.address(), "--id", idOf(ana), "--secret-file", wrong.toString())
                .ended(4);
        assertEquals("", run.out());
        try (Stream<Path> files = Files.walk(folder.resolve("thief"))) {
            assertFalse(
                    files.filter(Files::isRegularFile).anyMatch(file -> contains(file, idOf(ana))),
                    "nothing of the refused login may be kept");
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains(text);
        } catch (IOException e) {
            return false;
        }
    }
}
