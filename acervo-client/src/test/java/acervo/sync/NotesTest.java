package acervo.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.RemoteSpace.Move;
import acervo.sync.SimClient.Thing;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.Operation;
import acervo.sync.plan.RemoteNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What has to be remembered before something is done, so that a crash right after it does not turn it into what a
/// person did: power fails at the worst moment, and all that was not forced is lost.
final class NotesTest extends CalmWorld {
    private final SimClient ana = client("ana");
    private boolean failed;

    private Content inStep(String path) {
        Content content = bytes(1);
        write(ana, path, content);
        ana.boot();
        rest();
        ana.index.force();
        assertEquals(List.of(path), inSpace());
        return content;
    }

    /// Power fails as soon as the space is as it is then.
    private void failsOnceInSpace(Content now) {
        sim.server.onChange(() -> {
            if (!failed
                    && sim.server.rows().stream().anyMatch(row -> row.content().equals(now))) {
                failed = true;
                ana.crash(0);
            }
        });
    }

    @Test
    void whatWasSeenToBeGoneIsRememberedBeforeItsRowIsRemoved() {
        Content content = inStep("f");
        sim.server.onChange(() -> ana.crash(0));
        Thing thing = ana.disk.remove("f");
        ana.touched(List.of("f"));
        rest();
        assertNull(ana.life());
        assertEquals(List.of(), inSpace());
        ana.disk.put("f", thing); // she has moved it back meanwhile
        ana.boot();
        rest();
        assertEquals(content, ana.disk.get("f").content());
        assertEquals(List.of("f"), inSpace());
    }

    @Test
    void whatIsMadeAnewTakesTheOldOnesPlaceBeforeItReplacesItsRow() {
        Content old = inStep("f");
        ana.online = false;
        write(ana, "other", bytes(3));
        rest(); // and she is known to be offline: nothing is planned
        Thing thing = ana.disk.remove("f"); // out of the folder
        ana.touched(List.of("f"));
        rest();
        Content anew = bytes(2);
        write(ana, "f", anew);
        rest();
        failsOnceInSpace(anew);
        ana.online = true;
        rest();
        assertNull(ana.life());
        ana.disk.remove("f");
        ana.disk.put("g", thing); // and into it again
        ana.boot();
        rest();
        assertEquals(old, ana.disk.get("g").content());
        assertEquals(
                List.of(old),
                sim.server.rows().stream()
                        .filter(row -> row.path().text().equals("g"))
                        .map(RemoteNode::content)
                        .toList());
    }

    @Test
    void halfOfARenameOnDiskIsNoRemovalWhenTheOtherHalfIsTakenBack() {
        Content content = inStep("f");
        ana.online = false;
        // She has a copy under the name that somebody gives the file: so the rename is a removal and the copy.
        write(ana, "g", new Content(Kind.FILE, content.blob(), content.size(), 77, false));
        RemoteNode row = sim.server.rows().getFirst();
        sim.server.move(new Move(row, new FilePath("g")));
        rest();
        ana.afterChange = () -> ana.crash(0);
        ana.online = true;
        rest();
        assertNull(ana.life());
        assertEquals(List.of("g"), List.copyOf(ana.disk.keySet()));
        sim.server.move(new Move(sim.server.rows().getFirst(), new FilePath("f")));
        ana.afterChange = () -> {};
        ana.boot();
        rest();
        assertEquals(List.of("f", "g"), inSpace());
        assertEquals(List.of("f", "g"), List.copyOf(ana.disk.keySet()));
    }

    @Test
    void anAnswerOfAServerThatWasRestoredMeanwhileIsNotAgreedOn() {
        Ledger ledger = new Ledger(new SimIndex().open(null));
        Notes notes = new Notes(ledger);
        LocalNode local = new LocalNode(1, new FilePath("f"), bytes(1));
        ledger.trees().put(local);
        ledger.trees().setCursor(10);
        // Noted, it would look as if somebody had removed the row by version 10, and the file would go.
        notes.inSpace(new Operation.Upload(local, null), row(local, 6));
        assertNull(ledger.trees().syncedWithLocal(1));
        notes.inSpace(new Operation.Upload(local, null), row(local, 11));
        assertNotNull(ledger.trees().syncedWithLocal(1));
    }

    private static RemoteNode row(LocalNode local, long version) {
        return new RemoteNode(3, local.path(), new Version(version), local.content());
    }
}
