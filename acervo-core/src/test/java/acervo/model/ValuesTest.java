package acervo.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ValuesTest {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void blobIdsRoundTripThroughTextBytesAndBuffers() {
        BlobId id = BlobId.parse(ABC);
        assertEquals(ABC, id.toString());
        assertEquals(ABC, HexFormat.of().formatHex(id.toBytes()));
        assertEquals(id, BlobId.parse(ABC.toUpperCase(java.util.Locale.ROOT)));
        ByteBuffer little = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        id.write(little);
        assertEquals(ByteOrder.LITTLE_ENDIAN, little.order());
        assertEquals(BlobId.BYTES, little.position());
        assertEquals(id, BlobId.read(little.flip()));
        assertEquals(BlobId.BYTES, little.position());
        assertThrows(IllegalArgumentException.class, () -> BlobId.parse(ABC.substring(1)));
        assertThrows(IllegalArgumentException.class, () -> BlobId.parse(ABC.substring(1) + "g"));
        assertThrows(IllegalArgumentException.class, () -> BlobId.of(new byte[31]));
    }

    @Test
    void blobIdsAreOrderedAsUnsignedBytes() {
        BlobId low = BlobId.parse("00" + ABC.substring(2));
        BlobId high = BlobId.parse("ff" + ABC.substring(2));
        assertTrue(low.compareTo(high) < 0);
    }

    @Test
    void secretsMatchByValueAndNeverPrint() {
        SecretHash hash = SecretHash.of(new byte[32]);
        assertTrue(hash.matches(SecretHash.of(new byte[32])));
        assertFalse(hash.matches(SecretHash.of(new byte[31])));
        assertFalse(hash.toString().contains(hash.sha256().toString()));
    }

    @Test
    void idsTakeOnlyTheFullFormOfAUuid() {
        String text = "0b0e5d0c-95a6-4f9a-a2d3-2f3c7e8d9a10";
        assertEquals(text, ClientId.parse(text).toString());
        assertThrows(IllegalArgumentException.class, () -> ClientId.parse("1-1-1-1-1"));
        assertThrows(IllegalArgumentException.class, () -> ClientId.parse(""));
    }

    @Test
    void spaceNamesArePlain() {
        for (String bad : List.of("", "A", "a b", "../x", "-a", ".a", "a/b", "a:b", "á", "x".repeat(64))) {
            assertThrows(RefusedException.class, () -> new SpaceName(bad), bad);
        }
        assertEquals("team-1_x.y", new SpaceName("team-1_x.y").toString());
    }

    /// An argument may contain what looks like a hole: it is data and stays as it is.
    @Test
    void refusalsFillTheirSentenceOnce() {
        assertEquals(
                "{1} was changed meanwhile: it is at version 7",
                new Refusal(Reason.VERSION_CHANGED, "{1}", 7).toString());
        assertEquals("there is no file {9}", new Refusal(Reason.NO_SUCH_FILE, "{9}").toString());
    }

    @Test
    void everyReasonSaysSomethingAndHasAKnownCode() {
        List<String> codes = List.of(
                "not_found",
                "already_exists",
                "permission_denied",
                "unauthenticated",
                "aborted",
                "failed_precondition",
                "invalid_argument",
                "resource_exhausted",
                "data_loss",
                "unavailable");
        for (Reason reason : Reason.values()) {
            assertTrue(codes.contains(reason.code()), reason.name());
            assertFalse(reason.english().isBlank(), reason.name());
        }
    }

    @Test
    void aCommandHasABoundedNumberOfItems() {
        FilePath path = new FilePath("a");
        List<FilePath> many = java.util.Collections.nCopies(Command.MAX_ITEMS + 1, path);
        assertThrows(IllegalArgumentException.class, () -> new Command.SetReplicas(SpaceName.HOME, 1, many));
    }
}
