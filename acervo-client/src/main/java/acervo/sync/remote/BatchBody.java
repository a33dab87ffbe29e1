package acervo.sync.remote;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.sync.RemoteSpace.Deposit;
import acervo.wire.v1.BatchItem;
import acervo.wire.v1.Kind;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// The body of one batch. Each record is
///
/// ```
/// u32 length of the header | u32 length of the content | BatchItem | content          (big-endian)
/// ```
final class BatchBody {
    static final int MOST_RECORDS = 512;

    /// Half of what a request may be: a server that is still writing one batch takes in the next one meanwhile.
    static final int MOST_BYTES = 4 << 20;

    /// Room for a record beside its path and its content: lengths, digest, times, tags.
    private static final int OVERHEAD = 96;

    private final ByteBuffer all;

    BatchBody(int room) {
        all = ByteBuffer.allocate(room);
    }

    /// Fills a buffer with a file's bytes; false when the file is not what was observed.
    interface Filler {
        boolean fill(ByteBuffer into) throws IOException;
    }

    /// Room that a record may take, in bytes.
    static long most(FilePath path, long content) {
        // A character has at most 3 bytes in UTF-8.
        return OVERHEAD + 3L * path.text().length() + content;
    }

    /// Adds a record, unless its bytes can't be read as they were observed.
    ///
    /// @return whether it was added
    boolean add(FilePath path, Deposit deposit, boolean kept, int size, Filler filler) {
        BatchItem header = header(path, deposit, kept);
        int length = header.getSerializedSize();
        int start = all.position();
        int content = start + 2 * Integer.BYTES + length;
        boolean read = size == 0;
        try {
            read = read || filler.fill(all.slice(content, size));
        } catch (IOException _) {
            // Gone, or not to be read any more: it is looked at again.
        }
        if (!read) {
            return false;
        }
        all.putInt(length).putInt(size);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(all.slice(all.position(), length));
            header.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer of the right size is never full", e);
        }
        all.position(content + size);
        return true;
    }

    private static BatchItem header(FilePath path, Deposit deposit, boolean kept) {
        Content content = deposit.content();
        return BatchItem.newBuilder()
                .setPath(path.text())
                .setSha256(ByteString.copyFrom(content.blob().toBytes()))
                .setModifiedMillis(content.modifiedMillis())
                .setExecutable(content.executable())
                .setKind(Kind.forNumber(content.kind().code()))
                .setIfVersion(
                        deposit.replaces() == null
                                ? -1
                                : deposit.replaces().version().number())
                .setKept(kept && content.size() > 0)
                .build();
    }

    ByteBuffer bytes() {
        return all.duplicate().flip();
    }
}
