package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.ANAS_SECRET;
import static acervo.depot.World.BIA;
import static acervo.depot.World.reason;
import static acervo.depot.World.request;
import static org.junit.jupiter.api.Assertions.assertEquals;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Reason;
import acervo.model.SecretHash;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CredentialsTest {
    @TempDir
    Path folder;

    private World world;

    @BeforeEach
    void open() {
        world = new World(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void rightSecretIsTakenAgainAndAgain() {
        for (int i = 0; i < 3; i++) {
            assertEquals(ANA, world.depot.authenticate(ANA, ANAS_SECRET));
        }
    }

    @Test
    void wrongSecretIsRefusedAlsoAfterTheRightOne() {
        world.depot.authenticate(ANA, ANAS_SECRET);
        byte[] wrong = ANAS_SECRET.clone();
        wrong[31]++;
        assertEquals(Reason.UNAUTHENTICATED, reason(() -> world.depot.authenticate(ANA, wrong)));
        assertEquals(Reason.UNAUTHENTICATED, reason(() -> world.depot.authenticate(ANA, new byte[0])));
        assertEquals(Reason.UNAUTHENTICATED, reason(() -> world.depot.authenticate(BIA, ANAS_SECRET)));
        world.depot.authenticate(ANA, ANAS_SECRET);
    }

    @Test
    void unknownClientIsRefusedAndKnownOnceItRegisters() {
        ClientId new1 = new ClientId(new UUID(5, 5));
        byte[] secret = {1, 2, 3};
        assertEquals(Reason.UNAUTHENTICATED, reason(() -> world.depot.authenticate(new1, secret)));
        world.depot.register(new1, SecretHash.of(secret), request());
        assertEquals(new1, world.depot.authenticate(new1, secret));
        world.depot.register(new1, SecretHash.of(secret), request());
        assertEquals(
                Reason.CLIENT_EXISTS,
                reason(() -> world.depot.register(new1, new SecretHash(BlobId.EMPTY), request())));
    }
}
