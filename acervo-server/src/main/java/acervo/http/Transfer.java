package acervo.http;

import acervo.blob.StoredBlob.Extent;
import acervo.depot.Download;
import acervo.model.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The body of one long answer on its way to the client. Runs on a virtual thread, which checks the bytes, and writes
/// on the event loop; a
/// few pieces are on their way at a time, so that a slow client holds up this thread and fills no memory.
///
/// What can be known before the first byte is: the first piece is checked before the head is written. Damage that is
/// met later cuts
/// the connection: a body that is not whole and right never ends cleanly.
final class Transfer {
    /// Small, so that the first byte leaves soon. Pieces then grow to [#MOST_WINDOW].
    static final long FIRST_WINDOW = 1 << 20;

    private static final long MOST_WINDOW = 16 << 20;
    private static final int CHUNK = 128 << 10;
    private static final int AHEAD = 2;
    private static final int CHUNKS_AHEAD = 4;

    private final Exchange exchange;
    private final Download download;
    private final int status;
    private final Consumer<HttpServerResponse> head;
    private volatile boolean broken;

    Transfer(Exchange exchange, Download download, int status, Consumer<HttpServerResponse> head) {
        this.exchange = exchange;
        this.download = download;
        this.status = status;
        this.head = head;
    }

    /// Sends straight from the file.
    ///
    /// @param first where the first piece lies, checked
    void regions(long offset, long length, Extent first) {
        Semaphore ahead = new Semaphore(AHEAD);
        try (FileChannel file = first.channel()) {
            try {
                writeHead();
                pieces(ahead, file, offset, length, first);
            } catch (RefusedException damaged) {
                broken = true;
                exchange.fail(damaged);
            } finally {
                // The file stays open until the event loop has let go of every piece: the number of a closed file may
                // be another
                // one's by then. Pieces of a connection that broke fail by themselves.
                ahead.acquireUninterruptibly(AHEAD);
            }
            finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pieces(Semaphore ahead, FileChannel file, long offset, long length, Extent first) {
        Extent piece = first;
        for (long sent = 0; !broken; ) {
            Extent next = piece;
            ahead.acquireUninterruptibly();
            write(ahead, () -> Wire.region(exchange.request(), file, next.offset(), next.length()));
            sent += next.length();
            if (sent == length) {
                return;
            }
            long window = Math.min(length - sent, Math.min(next.length() * 4, MOST_WINDOW));
            piece = download.extent(offset + sent, window)
                    .orElseThrow(() -> new IllegalStateException("a blob that has no file any more"));
        }
    }

    /// Sends through the process's memory.
    void chunks(long offset, long length) {
        try {
            Semaphore ahead = new Semaphore(CHUNKS_AHEAD);
            boolean begun = false;
            for (long sent = 0; sent < length && !broken; ) {
                ByteBuffer bytes = next(offset + sent, (int) Math.min(CHUNK, length - sent));
                sent += bytes.remaining();
                if (!begun) {
                    writeHead();
                    begun = true;
                }
                Buffer chunk = Wire.buffer(bytes);
                await(ahead, 1);
                write(ahead, () -> exchange.request().response().write(chunk));
            }
            await(ahead, CHUNKS_AHEAD);
            finish();
        } catch (RefusedException damaged) {
            broken = true;
            exchange.fail(damaged);
        }
    }

    /// The next bytes, where they are in memory without a copy.
    private ByteBuffer next(long offset, int length) {
        Optional<ByteBuffer> memory = download.memory();
        if (memory.isPresent()) {
            return memory.get().slice(Math.toIntExact(offset), length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        download.read(offset, bytes);
        return bytes.flip();
    }

    private void writeHead() {
        exchange.onLoop(() -> {
            HttpServerResponse response = exchange.request().response();
            if (response.closed()) {
                broken = true;
                return;
            }
            response.setStatusCode(status);
            response.putHeader(HttpHeaders.DATE, Dates.now());
            head.accept(response);
            response.writeHead();
        });
    }

    private void write(Semaphore ahead, Supplier<Future<Void>> piece) {
        exchange.onLoop(() -> {
            if (broken) {
                ahead.release();
                return;
            }
            piece.get().onComplete(done -> {
                broken |= done.failed();
                ahead.release();
            });
        });
    }

    /// Waits for room on the way; the connection's own deadline ends the wait when its client has gone to sleep.
    private void await(Semaphore ahead, int pieces) {
        try {
            while (!ahead.tryAcquire(pieces, 1, TimeUnit.SECONDS)) {
                if (exchange.request().response().closed()) {
                    broken = true;
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            broken = true;
        }
    }

    private void finish() {
        if (broken) {
            exchange.abort();
            return;
        }
        exchange.onLoop(() -> {
            if (!exchange.request().response().ended()) {
                exchange.ended(status, exchange.request().response().end());
            }
        });
    }
}
