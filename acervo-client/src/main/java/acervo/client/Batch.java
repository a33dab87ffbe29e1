package acervo.client;

import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.model.RequestId;
import acervo.model.SpaceName;
import acervo.wire.v1.ChangesReply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// Many small files in one request: `POST /v1/batch/{space}`. Each record is
///
/// ```
/// u32 headerLength | u32 contentLength | BatchItem | content          (big-endian)
/// ```
///
/// The item's message is written by hand, in place: with ten thousand files there is no time for builders. One thread;
/// the
/// buffer is used again for the next batch.
final class Batch {
    /// Largest content of one record.
    static final int MAX_CONTENT = 1 << 20;

    static final int MAX_RECORDS = 1_000;
    /// Half of what a request may be: a server that is still writing one batch takes in the next one meanwhile.
    static final int MAX_BYTES = 4 << 20;

    /// Room for a record beside its path and its content: lengths, digest, times, tags.
    static final int OVERHEAD = 80;

    private static final byte[] EMPTY = BlobId.EMPTY.toBytes();

    private final Transport transport;
    private final SpaceName space;
    private final int replicas;
    private final byte[] bytes = new byte[MAX_BYTES];
    private final MessageDigest digest = HashLane.sha256();
    private final List<Item> items = new ArrayList<>();
    private int end;

    Batch(Transport transport, SpaceName space, int replicas) {
        this.transport = transport;
        this.space = space;
        this.replicas = replicas;
    }

    /// One file of the batch.
    record Item(LocalFile file, FilePath to, BlobId sha256) {}

    List<Item> items() {
        return items;
    }

    void clear() {
        items.clear();
        end = 0;
    }

    /// Reads and hashes a file and adds it; the caller keeps to the limits.
    ///
    /// @throws LocalTroubleException when it can't be read or changed; the batch is as before then
    void add(LocalFile file, FilePath to) {
        boolean folder = file.type() == LocalFile.Type.FOLDER;
        int size = folder ? 0 : (int) file.size();
        byte[] path = to.text().getBytes(StandardCharsets.UTF_8);
        int header = headerLength(path.length, file);
        int content = end + 8 + header;
        byte[] sha = EMPTY;
        if (!folder) {
            SmallDeposit.read(file, bytes, content);
            digest.update(bytes, content, size);
            sha = digest.digest();
        }
        ByteBuffer out = ByteBuffer.wrap(bytes, end, 8 + header);
        out.putInt(header).putInt(size);
        out.put((byte) 0x0A);
        varint(out, path.length);
        out.put(path).put((byte) 0x12).put((byte) sha.length).put(sha).put((byte) 0x18);
        varint(out, file.modifiedMillis());
        if (file.executable()) {
            out.put((byte) 0x20).put((byte) 1);
        }
        out.put((byte) 0x28).put((byte) (folder ? 2 : 1));
        end = content + size;
        items.add(new Item(file, to, BlobId.of(sha)));
    }

    private static int headerLength(int path, LocalFile file) {
        return 1
                + varintLength(path)
                + path
                + 34
                + 1
                + varintLength(file.modifiedMillis())
                + (file.executable() ? 2 : 0)
                + 2;
    }

    private static int varintLength(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }

    private static void varint(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /// Sends the batch, again with the same id after a broken connection: one result per item, in order.
    ChangesReply send() {
        RequestId id = Randomness.request();
        ChangesReply reply = transport.run(c -> {
            StringBuilder head = transport.head(c, "POST", "/v1/batch/" + space.text());
            if (replicas > 0) {
                head.append("Acervo-Replicas: ").append(replicas).append("\r\n");
            }
            head.append("Content-Type: application/x-acervo-batch\r\nAccept: application/proto\r\nIdempotency-Key: \"");
            head.append(id).append("\"\r\nContent-Length: ").append(end).append("\r\n");
            c.writeHead(head);
            SmallDeposit.writeBody(c, ByteBuffer.wrap(bytes, 0, end));
            return ChangesReply.parseFrom(c.readHead(false).orThrow().bytes());
        });
        if (reply.getResultsCount() != items.size()) {
            throw new IllegalStateException(
                    "a batch of " + items.size() + " was answered with " + reply.getResultsCount() + " results");
        }
        return reply;
    }
}
