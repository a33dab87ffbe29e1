package acervo.sync.local;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import acervo.model.BlobId;
import acervo.sync.index.Row;
import acervo.sync.plan.LocalNode;
import acervo.watch.Waiting.Wait;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Verdicts by themselves, for what comes together by accident only.
final class VerdictsTest extends LiveTest {
    private void judge(String path, BlobId hash, Row lost) throws Exception {
        try (Root root = new Root(live.folder, LiveFolder.MARKER);
                Session session = root.enter();
                Hashing hashing = new Hashing(root)) {
            Found found = new Found(Wait.of(path, true, false, 0), requireNonNull(session.look(path)), false);
            new Verdicts(live.index, hashing, new Clockwork(0), new Into(live.seen))
                    .judge(session, List.of(found), Map.of(), new HashMap<>(Map.of(hash, lost)));
        }
    }

    private Row row(String path) {
        return requireNonNull(live.index.rows().find(path));
    }

    @Test
    void aFileThatIsBackLosesItsIdToNoCopy() throws Exception {
        live.write("a", "has a copy");
        live.awaitSame();
        live.disk.close();
        long id = row("a").id();
        live.write("copy", "has a copy");
        judge("copy", row("a").blob(), row("a"));
        assertEquals(id, row("a").id());
        assertNotEquals(id, row("copy").id());
        live.awaitSame();
    }

    @Test
    void aFileThatIsGoneIsTheOneOfItsBytesThatTurnsUp() throws Exception {
        live.write("a", "moved over file systems");
        live.awaitSame();
        live.disk.close();
        long id = row("a").id();
        live.write("copy", "moved over file systems");
        Files.delete(live.at("a"));
        judge("copy", row("a").blob(), row("a"));
        assertEquals(id, row("copy").id());
        live.awaitSame();
    }

    /// Takes only what was observed.
    private record Into(Seen seen) implements Verdicts.Taker {
        @Override
        public void observed(List<Long> gone, List<LocalNode> present) {
            seen.observed(gone, present);
        }

        @Override
        public void again(Found found, Reading why) {
            throw new IllegalStateException(found + " " + why);
        }

        @Override
        public void trouble(String path, @Nullable String what) {
            if (what != null) {
                throw new IllegalStateException(path + " " + what);
            }
        }

        @Override
        public void confirm(String path) {
            throw new IllegalStateException(path);
        }

        @Override
        public void missing(String path) {
            throw new IllegalStateException(path);
        }

        @Override
        public void overwritten(String path) {
            throw new IllegalStateException(path);
        }
    }
}
