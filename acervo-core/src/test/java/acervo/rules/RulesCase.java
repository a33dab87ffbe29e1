package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.Outcome.Result;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/// A state, three clients, and short words for what the tests of the rules ask and expect.
abstract class RulesCase {
    static final NodeId NODE = new NodeId(new UUID(1, 1));
    static final NodeId SECOND = new NodeId(new UUID(1, 2));
    static final ClientId ANA = new ClientId(new UUID(2, 1));
    static final ClientId RUI = new ClientId(new UUID(2, 2));
    static final ClientId EVA = new ClientId(new UUID(2, 3));
    static final ClientId NOBODY = new ClientId(new UUID(9, 9));
    static final SpaceName HOME = SpaceName.HOME;
    static final SpaceName TEAM = new SpaceName("team");
    static final long DAY = 24L * 60 * 60 * 1000;

    final MapState state = new MapState();
    long now = 1_000_000;
    long requests;

    @BeforeEach
    void begin() {
        assertEquals(Outcome.DONE, own(new Command.AddNode(NODE)));
        for (ClientId client : List.of(ANA, RUI, EVA)) {
            assertEquals(Outcome.DONE, send(client, new Command.RegisterClient(client, secret(1))));
        }
    }

    // What the tests are written with.

    Stamp stamp(ClientId author) {
        return new Stamp(now, author, new RequestId(new UUID(7, ++requests)));
    }

    Outcome decide(Stamp stamp, Command command) {
        Decision decision = Rules.decide(state, command, stamp);
        state.write(decision);
        return decision.outcome();
    }

    Outcome send(ClientId author, Command command) {
        return decide(stamp(author), command);
    }

    Outcome own(Command command) {
        return send(Stamp.SERVER, command);
    }

    void done(ClientId author, Command command) {
        assertEquals(Outcome.DONE, send(author, command));
    }

    static void assertRefused(Reason reason, Outcome outcome) {
        assertEquals(
                reason,
                assertInstanceOf(Outcome.Refused.class, outcome).refusal().reason());
    }

    static Refusal assertNo(Reason reason, Outcome outcome) {
        Refusal refusal = assertInstanceOf(Result.No.class, one(outcome)).refusal();
        assertEquals(reason, refusal.reason());
        return refusal;
    }

    static Outcome.Files files(Outcome outcome) {
        return assertInstanceOf(Outcome.Files.class, outcome);
    }

    static Result one(Outcome outcome) {
        return files(outcome).results().getFirst();
    }

    static FileEntry now(Outcome outcome) {
        Result.Now now = assertInstanceOf(Result.Now.class, one(outcome));
        assertTrue(now.changed());
        return now.entry();
    }

    static void gone(Outcome outcome) {
        assertInstanceOf(Result.Gone.class, one(outcome));
    }

    FileEntry now(String path) {
        FileEntry entry = state.get(Tables.FILES, new Row.PathKey(home(), path(path)));
        if (entry == null) {
            throw new AssertionError("there is no " + path);
        }
        return entry;
    }

    Row.Space access(ClientId client, SpaceName name) {
        Access access = Access.of(state, client, name);
        if (access == null) {
            throw new AssertionError("no access to " + name);
        }
        return access.space();
    }

    SpaceId home() {
        return access(ANA, HOME).id();
    }

    Row.Blob blobRow(int n) {
        Row.Blob row = state.get(Tables.BLOBS, blob(n));
        if (row == null) {
            throw new AssertionError("there is no blob " + n);
        }
        return row;
    }

    Row.Totals totals() {
        Row.Totals totals = state.get(Tables.TOTALS, Row.Only.KEY);
        return totals == null ? Row.Totals.NONE : totals;
    }

    static FilePath path(String text) {
        return new FilePath(text);
    }

    static BlobId blob(int n) {
        return new BlobId(n, 1, 1, 1);
    }

    static SecretHash secret(int n) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) n);
        return SecretHash.of(secret);
    }

    static Content content(int n) {
        return new Content(Kind.FILE, blob(n), 10 + n, 1_000, false);
    }

    static Command putting(SpaceName space, String path, int n) {
        return new Command.PutFiles(
                space, List.of(NODE), List.of(new Command.Put(path(path), content(n), 0, Condition.ANY)));
    }

    static Command putting(String path, int n, Condition condition) {
        return new Command.PutFiles(
                HOME, List.of(NODE), List.of(new Command.Put(path(path), content(n), 0, condition)));
    }

    FileEntry put(ClientId author, SpaceName space, String path, int n) {
        return now(send(author, putting(space, path, n)));
    }

    static Command folder(String path) {
        Content folder = new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);
        return new Command.PutFiles(HOME, List.of(), List.of(new Command.Put(path(path), folder, 0, Condition.ANY)));
    }

    Outcome removing(ClientId author, SpaceName space, String path) {
        return send(
                author, new Command.RemoveFiles(space, false, List.of(new Command.Remove(path(path), Condition.ANY))));
    }

    static Command removingForEver(String path) {
        return new Command.RemoveFiles(HOME, true, List.of(new Command.Remove(path(path), Condition.ANY)));
    }

    static Command.Move move(String from, String to, boolean replace) {
        return new Command.Move(path(from), path(to), Condition.ANY, replace);
    }

    Outcome moving(String from, String to, boolean replace) {
        return send(ANA, new Command.MoveFiles(HOME, List.of(move(from, to, replace))));
    }
}
