package acervo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a person hears of a configuration with a mistake in it.
final class SyncConfigTest {
    @TempDir
    Path folder;

    @BeforeEach
    void folders() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.createDirectories(folder.resolve("c"));
    }

    private String run() {
        Map<String, String> env =
                Map.of("HOME", folder.resolve("a").toString(), "ACERVO_SERVER", "127.0.0.1:1", "LANG", "C");
        CliTest.Streams streams = CliTest.surroundings(env, new byte[0], folder);
        int code = new Cli(streams.io()).run(List.of("sync", "--config", "sync.conf", "--dry-run"));
        return code + " " + streams.err().toString(StandardCharsets.UTF_8).replace(folder.toString(), "@");
    }

    private String run(String text) throws IOException {
        Files.writeString(folder.resolve("sync.conf"), text);
        return run();
    }

    @ParameterizedTest
    @CsvSource({
        "foo",
        "foo = 1",
        "'= x'",
        "mode = sideways",
        "mode =",
        "delete = maybe",
        "space = a b:x",
        "space = home:../x",
        "server = nowhere:99999",
        "[unfinished",
        "[]",
        "'[ ]'"
    })
    void aLineThatMeansNothingIsNamed(String line) throws IOException {
        String said = run("# A comment\n[a]\n\n  " + line + "\n");
        assertTrue(said.startsWith("2 acervo: @/sync.conf, line 4: can't be understood: " + line + " See "), said);
    }

    @Test
    void whatBelongsToNoFolderIsNamed() throws IOException {
        assertTrue(run("space = home:\n").startsWith("2 acervo: @/sync.conf, line 1: can't be understood: space"));
    }

    @Test
    void aNameThatNoDiskHasAndBytesThatAreNoTextAreNamed() throws IOException {
        assertTrue(run("[a\0b]").startsWith("2 acervo: @/sync.conf, line 1: "));
        Files.write(folder.resolve("sync.conf"), "[a]\nmode = ü".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(run().startsWith("2 acervo: @/sync.conf, line 2: "));
    }

    @Test
    void aConfigurationWithoutFoldersSaysWhatIsMissing() throws IOException {
        assertTrue(run("# nothing\n; at all\n").startsWith("2 acervo: @/sync.conf names no folder: "));
        assertEquals(run(""), run("\n\n"));
    }

    @Test
    void removalsGoAlongOneWayOnly() throws IOException {
        assertTrue(run("[a]\ndelete = yes").startsWith("2 acervo: --delete is for --up and --down"));
    }

    @Test
    void foldersMayNotLieInOneAnother() throws IOException {
        assertTrue(run("[a]\nmode = up\n[a/b]").startsWith("2 acervo: @/a/b and @/a lie in one another"));
        assertTrue(run("[c]\n[a]\n[a/../c]").startsWith("2 acervo: @/c and @/c lie in one another"));
        assertTrue(run("[~]\n[~/b]").startsWith("2 acervo: @/a/b and @/a lie in one another"));
    }

    @Test
    void aFolderThatIsNotThereIsNamed() throws IOException {
        assertTrue(run("[missing]").contains("there is no folder @/missing"));
        assertTrue(run("[sync.conf]").contains("@/sync.conf is not a folder"));
    }

    @Test
    void aConfigurationThatIsNotThereIsNamed() {
        assertTrue(run().contains("sync.conf"), this::run);
    }

    @Test
    void whatIsUnderstoodIsTaken() throws IOException {
        String said = run("[a]\nspace = home:docs\nmode = down\ndelete = yes\nserver = 127.0.0.1:1\n; end");
        assertTrue(said.startsWith("5 acervo: could not keep @/a in step with home:docs: no server answers"), said);
    }
}
