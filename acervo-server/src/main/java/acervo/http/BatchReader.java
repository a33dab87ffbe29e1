package acervo.http;

import acervo.blob.BlobStore;
import acervo.depot.Depot;
import acervo.depot.SmallDeposit;
import acervo.model.BlobId;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Outcome;
import acervo.model.RefusedException;
import acervo.model.Version;
import acervo.wire.v1.BatchItem;
import acervo.wire.v1.ChangeResult;
import acervo.wire.v1.ChangesReply;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a batch as it arrives. The body is records, without anything between them:
///
/// ```
/// u32 length of the header (big-endian) | u32 length of the content | header: protobuf BatchItem | content
/// ```
///
/// What is malformed is refused as a whole, before anything of the batch is stored. A record whose path or digest can't
/// be used is refused
/// by itself.
final class BatchReader {
    /// A header is a path, a digest and a few numbers.
    private static final int MOST_HEADER = 8 << 10;

    private final Body body;
    private final long most;
    private long taken;
    private ByteBuffer into = ByteBuffer.allocate(8);
    private ByteBuffer left = ByteBuffer.allocate(0);

    private BatchReader(Body body, long most) {
        this.body = body;
        this.most = most;
    }

    /// A record that could be read: a deposit, or why it can't be one.
    private record Row(String path, Optional<SmallDeposit> deposit, Optional<RefusedException> refused) {}

    /// All records, in their order.
    record Batch(List<Row> rows) {
        List<SmallDeposit> good() {
            return rows.stream().flatMap(row -> row.deposit.stream()).toList();
        }

        /// Puts the results of the good ones and the refusals of the others into the records' order.
        ChangesReply merge(List<Outcome.Result> results, Depot depot) {
            ChangesReply.Builder reply = ChangesReply.newBuilder();
            int next = 0;
            for (Row row : rows) {
                if (row.refused.isPresent()) {
                    reply.addResults(ChangeResult.newBuilder()
                            .setPath(row.path)
                            .setError(Trouble.of(row.refused.get().refusal()).toError()));
                } else {
                    reply.addResults(Render.result(results.get(next++), depot));
                }
            }
            return reply.build();
        }
    }

    /// @throws RefusedException TOO_LARGE, ARGUMENT_INVALID
    /// @throws BrokenBodyException when the body does not come whole
    static Batch read(Body body, Limits limits) {
        BatchReader reader = new BatchReader(body, limits.batchBytes());
        List<Row> rows = new ArrayList<>();
        while (reader.more()) {
            if (rows.size() == limits.batchRecords()) {
                throw Refusals.tooLarge("a batch", limits.batchRecords() + " records");
            }
            rows.add(reader.record());
        }
        return new Batch(List.copyOf(rows));
    }

    private Row record() {
        ByteBuffer lengths = exactly(8);
        int header = lengths.getInt();
        int content = lengths.getInt();
        if (header < 0 || header > MOST_HEADER) {
            throw Refusals.invalid("a record's header of " + Integer.toUnsignedString(header) + " bytes");
        }
        if (content < 0 || content > BlobStore.SMALL) {
            throw Refusals.tooLarge("a file of a batch", BlobStore.SMALL + " bytes");
        }
        BatchItem item;
        try {
            item = BatchItem.parseFrom(exactly(header));
        } catch (InvalidProtocolBufferException _) {
            throw Refusals.invalid("a record's header is no BatchItem");
        }
        ByteBuffer bytes = exactly(content);
        try {
            return new Row(item.getPath(), Optional.of(deposit(item, bytes)), Optional.empty());
        } catch (RefusedException refused) {
            return new Row(FilePath.printable(item.getPath()), Optional.empty(), Optional.of(refused));
        }
    }

    private static SmallDeposit deposit(BatchItem item, ByteBuffer bytes) {
        FilePath path = new FilePath(item.getPath());
        if (path.isRoot()) {
            throw Refusals.invalid("a record's path is empty");
        }
        Optional<BlobId> digest = Optional.empty();
        if (!item.getSha256().isEmpty()) {
            if (item.getSha256().size() != BlobId.BYTES) {
                throw Refusals.invalid("a SHA-256 has 32 bytes");
            }
            digest = Optional.of(BlobId.of(item.getSha256().toByteArray()));
        }
        Kind kind = Render.kind(item.getKind());
        return new SmallDeposit(
                path,
                kind,
                item.getModifiedMillis(),
                item.getExecutable(),
                condition(item),
                digest,
                item.getKept(),
                bytes);
    }

    private static Condition condition(BatchItem item) {
        long version = item.getIfVersion();
        if (version < -1) {
            throw Refusals.invalid("if_version is 0, -1 or a version");
        }
        return version == 0 ? Condition.ANY : version == -1 ? Condition.ABSENT : new Condition.At(new Version(version));
    }

    /// Whether another byte follows.
    private boolean more() {
        into = ByteBuffer.allocate(0);
        while (!left.hasRemaining()) {
            if (!body.next(this::keep)) {
                return false;
            }
        }
        return true;
    }

    /// The next `length` bytes, in a buffer of their own.
    private ByteBuffer exactly(int length) {
        taken += length;
        if (taken > most) {
            throw Refusals.tooLarge("a batch", most + " bytes");
        }
        into = ByteBuffer.allocate(length);
        move(left);
        while (into.hasRemaining()) {
            if (!body.next(this::keep)) {
                throw Refusals.invalid("the batch ends within a record");
            }
        }
        return into.flip();
    }

    /// Takes what is wanted now straight from the socket's buffer, and copies what follows it, since that buffer is
    /// let go.
    private void keep(ByteBuffer bytes) {
        move(bytes);
        if (bytes.hasRemaining()) {
            ByteBuffer joined = ByteBuffer.allocate(left.remaining() + bytes.remaining());
            left = joined.put(left).put(bytes).flip();
        }
    }

    private void move(ByteBuffer from) {
        int n = Math.min(from.remaining(), into.remaining());
        into.put(into.position(), from, from.position(), n);
        into.position(into.position() + n);
        from.position(from.position() + n);
    }
}
