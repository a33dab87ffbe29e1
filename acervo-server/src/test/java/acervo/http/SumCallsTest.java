package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.Wired.Answer;
import acervo.model.SecretHash;
import acervo.wire.v1.PiecesReply;
import acervo.wire.v1.PiecesRequest;
import acervo.wire.v1.SumsReply;
import acervo.wire.v1.SumsRequest;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class SumCallsTest extends WithServer {
    private static final int BLOCK = 65_536;
    private static final int PIECE = 2_048;

    private Answer call(TestServer.Person who, String method, MessageLite request) throws IOException {
        return wire.ask(
                "POST",
                "/acervo.v1.Acervo/" + method,
                request.toByteArray(),
                who.basic(),
                "Content-Type: application/proto\r\n");
    }

    private long put(byte[] bytes) throws IOException {
        return Long.parseLong(wire.ask("PUT", "/v1/files/home/f", bytes, ana.basic())
                .header("ETag")
                .replace("\"", ""));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static SumsRequest sums(long version, long first) {
        return SumsRequest.newBuilder()
                .setSpace("home")
                .setPath("f")
                .setVersion(version)
                .setFirst(first)
                .build();
    }

    private static PiecesRequest pieces(long version, List<Long> blocks) {
        return PiecesRequest.newBuilder()
                .setSpace("home")
                .setPath("f")
                .setVersion(version)
                .addAllBlocks(blocks)
                .build();
    }

    private static int crc(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, Math.min(to, bytes.length) - from);
        return (int) crc.getValue();
    }

    @Test
    void theSumsOfAllBlocksAreTold() throws IOException {
        // In memory, as one block, and on the store.
        for (int length : new int[] {1, BLOCK, 200_000, 3_000_000}) {
            byte[] content = bytes(length);
            long version = put(content);
            int blocks = (length + BLOCK - 1) / BLOCK;
            for (int first : new int[] {0, blocks / 2, blocks, blocks + 5}) {
                SumsReply reply = SumsReply.parseFrom(
                        call(ana, "Sums", sums(version, first)).body());
                assertEquals(BLOCK, reply.getBlockBytes());
                ByteBuffer told = reply.getCrc32C().asReadOnlyByteBuffer();
                for (int block = first; block < blocks; block++) {
                    assertEquals(crc(content, block * BLOCK, (block + 1) * BLOCK), told.getInt());
                }
                assertEquals(0, told.remaining());
            }
        }
    }

    @Test
    void theSumsOfThePiecesOfSomeBlocksAreToldInTheOrderThatWasAsked() throws IOException {
        for (int length : new int[] {1_000, 200_001, 3_000_001}) {
            byte[] content = bytes(length);
            long version = put(content);
            long last = (length - 1L) / BLOCK;
            List<Long> blocks = List.of(last, 0L, last);
            PiecesReply reply = PiecesReply.parseFrom(
                    call(ana, "Pieces", pieces(version, blocks)).body());
            assertEquals(PIECE, reply.getPieceBytes());
            ByteBuffer told = reply.getSums().asReadOnlyByteBuffer();
            for (long block : blocks) {
                int end = (int) Math.min(length, (block + 1) * BLOCK);
                for (int at = (int) block * BLOCK; at < end; at += PIECE) {
                    byte[] piece = Arrays.copyOfRange(content, at, Math.min(end, at + PIECE));
                    assertEquals(crc(piece, 0, piece.length), told.getInt());
                    assertEquals(
                            ByteBuffer.wrap(SecretHash.of(piece).sha256().toBytes())
                                    .getLong(),
                            told.getLong());
                }
            }
            assertEquals(0, told.remaining());
        }
    }

    @Test
    void onlyTheCurrentVersionIsTold() throws IOException {
        long old = put(bytes(3_000_000));
        put(bytes(2_000_000));
        for (Answer answer : List.of(call(ana, "Sums", sums(old, 0)), call(ana, "Pieces", pieces(old, List.of(0L))))) {
            assertEquals(409, answer.status());
            assertTrue(answer.text().contains("VERSION_CHANGED"), answer.text());
        }
        TestServer.Person rui = server.person();
        assertEquals(404, call(rui, "Sums", sums(old, 0)).status());
        assertEquals(404, call(rui, "Pieces", pieces(old, List.of(0L))).status());
    }

    @Test
    void whatCannotBeToldIsRefused() throws IOException {
        long version = put(bytes(3_000_000));
        for (List<Long> blocks : List.of(List.of(-1L), List.of(46L), List.of(0L, Long.MAX_VALUE))) {
            assertEquals(400, call(ana, "Pieces", pieces(version, blocks)).status());
        }
        assertEquals(
                413,
                call(ana, "Pieces", pieces(version, Collections.nCopies(1_025, 0L)))
                        .status());
        assertEquals(
                200,
                call(ana, "Pieces", pieces(version, Collections.nCopies(1_024, 45L)))
                        .status());
        assertEquals(400, call(ana, "Sums", sums(version, -1)).status());
        assertEquals(400, call(ana, "Sums", sums(0, 0)).status());
    }
}
