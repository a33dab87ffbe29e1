package acervo.http;

import acervo.depot.Depot;
import acervo.depot.Download;
import acervo.depot.Target;
import acervo.depot.Uploads;
import acervo.model.ClientId;
import acervo.model.Version;
import acervo.wire.DeltaFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads a delta ([DeltaFormat]) as it arrives, and appends what it says: bytes that came along, and bytes of the
/// version that is at the upload's path.
///
/// That version stays open, and so stays, until the body has ended, whatever happens to the path. An upload holds no
/// more than bytes: what was appended before something is refused stays, and the rest may come in any form.
final class DeltaReader implements AutoCloseable {
    /// Copied at once, so that what is read is still in the processor's cache when it is summed and hashed.
    private static final int PIECE = 256 * 1024;

    private final Depot depot;
    private final ClientId caller;
    private final Uploads.Append turn;
    private final Target target;

    /// The fixed part of what comes next; complete when it is full.
    private final ByteBuffer fixed = ByteBuffer.allocate(DeltaFormat.COPY_BYTES).limit(DeltaFormat.HEAD_BYTES);

    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private @Nullable Download base;
    private int steps;

    /// Bytes of a literal that are still to come.
    private long literal;

    DeltaReader(Depot depot, ClientId caller, Uploads.Append turn) {
        this.depot = depot;
        this.caller = caller;
        this.turn = turn;
        this.target = turn.target();
        if (target.length().isEmpty()) {
            throw Refusals.invalid("who copies says by Upload-Length how much it will be");
        }
    }

    /// Takes the next bytes of the body.
    void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (literal > 0) {
                literal(bytes);
            } else {
                fixed(bytes);
            }
        }
    }

    /// To be called at the end of the body.
    void end() {
        if (base == null || literal > 0 || fixed.position() > 0) {
            throw Refusals.invalid("the delta ends within a part");
        }
    }

    private void literal(ByteBuffer bytes) {
        int n = (int) Math.min(literal, bytes.remaining());
        turn.write(bytes.slice(bytes.position(), n));
        bytes.position(bytes.position() + n);
        literal -= n;
    }

    private void fixed(ByteBuffer bytes) {
        if (base != null && fixed.position() == 0) {
            fixed.limit(length(bytes.get(bytes.position())));
        }
        while (fixed.hasRemaining() && bytes.hasRemaining()) {
            fixed.put(bytes.get());
        }
        if (!fixed.hasRemaining()) {
            fixed.flip();
            Download open = base;
            if (open == null) {
                begin();
            } else {
                step(open);
            }
            fixed.clear().limit(1);
        }
    }

    private static int length(byte kind) {
        return switch (kind) {
            case DeltaFormat.COPY -> DeltaFormat.COPY_BYTES;
            case DeltaFormat.LITERAL -> DeltaFormat.LITERAL_BYTES;
            default -> throw Refusals.invalid("no part of a delta has the kind " + kind);
        };
    }

    private void begin() {
        if (fixed.getInt() != DeltaFormat.MAGIC) {
            throw Refusals.invalid("this is no delta");
        }
        long version = fixed.getLong();
        if (version <= 0) {
            throw Refusals.invalid("a version is positive");
        }
        base = depot.open(caller, target.space(), target.path(), new Version(version));
    }

    private void step(Download open) {
        if (++steps > DeltaFormat.MOST_STEPS) {
            throw Refusals.tooLarge("a delta", DeltaFormat.MOST_STEPS + " parts");
        }
        if (fixed.get() == DeltaFormat.LITERAL) {
            literal = Integer.toUnsignedLong(fixed.getInt());
            if (literal == 0 || literal > DeltaFormat.MOST_LITERAL) {
                throw Refusals.invalid("a literal of " + literal + " bytes");
            }
            return;
        }
        copy(open, fixed.getLong(), fixed.getLong());
    }

    private void copy(Download open, long offset, long length) {
        if (offset < 0 || length <= 0 || offset > open.length() - length) {
            throw Refusals.invalid("the version has " + open.length() + " bytes; none can be copied from " + offset
                    + " to " + Long.toUnsignedString(offset + length));
        }
        for (long at = offset; at < offset + length; at += piece.limit()) {
            piece.clear().limit((int) Math.min(PIECE, offset + length - at));
            open.read(at, piece);
            turn.write(piece.flip());
        }
    }

    @Override
    public void close() {
        Download open = base;
        if (open != null) {
            open.close();
        }
    }
}
