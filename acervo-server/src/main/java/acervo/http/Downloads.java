package acervo.http;

import acervo.blob.StoredBlob.Extent;
import acervo.depot.Download;
import acervo.model.FileEntry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Hands out files: from memory on the event loop; from the disk without copying, each piece checked before it goes; or
/// by a stream
/// with back-pressure where neither can be.
final class Downloads {
    private static final CharSequence OCTETS = HttpHeaders.createOptimized("application/octet-stream");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence SECURITY_POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence SANDBOX = HttpHeaders.createOptimized("default-src 'none'; sandbox");
    private static final CharSequence DISPOSITION = HttpHeaders.createOptimized("Content-Disposition");
    private static final CharSequence ATTACHMENT = HttpHeaders.createOptimized("attachment");
    private static final CharSequence BYTES = HttpHeaders.createOptimized("bytes");
    private static final CharSequence PRIVATE = HttpHeaders.createOptimized("private, no-cache");
    private static final CharSequence AUTHORIZATION = HttpHeaders.createOptimized("Authorization");

    /// Bytes in memory that may be handed to a connection at once: it holds on to all of them for as long as its
    /// client
    /// takes. More go in pieces.
    static final long AT_ONCE = Transfer.FIRST_WINDOW;

    private final Door door;

    Downloads(Door door) {
        this.door = door;
    }

    /// Answers with what is in memory; never blocks. Closes the download.
    void hot(Exchange exchange, Download download, ByteBuffer bytes) {
        try (download) {
            Plan plan = plan(exchange, download);
            if (plan == null) {
                return;
            }
            ByteBuffer part = bytes.slice(Math.toIntExact(plan.offset), Math.toIntExact(plan.length));
            door.meters().out(plan.length);
            exchange.answer(plan.status, response -> plan.head(response, download), Wire.buffer(part));
        }
    }

    /// Answers from wherever the bytes are; blocks until all of them are sent. Closes the download.
    void send(Exchange exchange, Download download) {
        try (download) {
            Plan plan = plan(exchange, download);
            if (plan == null) {
                return;
            }
            ByteBuffer memory = download.memory().orElse(null);
            if (memory != null && plan.length <= AT_ONCE) {
                ByteBuffer part = memory.slice(Math.toIntExact(plan.offset), Math.toIntExact(plan.length));
                exchange.answer(plan.status, response -> plan.head(response, download), Wire.buffer(part));
            } else if (plan.length == 0) {
                exchange.answer(
                        plan.status, response -> plan.head(response, download), Wire.buffer(ByteBuffer.allocate(0)));
            } else {
                long first = Math.min(plan.length, Transfer.FIRST_WINDOW);
                Extent extent = Wire.takesRegions(exchange.request())
                        ? download.extent(plan.offset, first).orElse(null)
                        : null;
                Transfer transfer = new Transfer(exchange, download, plan.status, r -> plan.head(r, download));
                if (extent != null) {
                    transfer.regions(plan.offset, plan.length, extent);
                } else {
                    transfer.chunks(plan.offset, plan.length);
                }
            }
            door.meters().out(plan.length);
        }
    }

    /// What is to be sent, or null when no more than a head was, and that is done.
    private static @Nullable Plan plan(Exchange exchange, Download download) {
        FileEntry entry = download.entry();
        try {
            Plan plan = Plan.of(exchange, entry);
            if (plan.body) {
                return plan;
            }
            plan.answerHead(exchange, download);
        } catch (Trouble.Met met) {
            exchange.fail(met.trouble(), response -> {
                response.putHeader(HttpHeaders.ETAG, FileHeaders.etag(entry));
                if (met.trouble().status() == 416) {
                    response.putHeader(
                            HttpHeaders.CONTENT_RANGE,
                            "bytes */" + entry.content().size());
                }
            });
        }
        return null;
    }

    /// Where the fields of a head go.
    interface Fields {
        void add(CharSequence name, CharSequence value);
    }

    /// The head of an answer with all of a file, but for its status and date.
    static void whole(Download download, Fields fields) {
        FileEntry entry = download.entry();
        new Plan(entry, 200, 0, entry.content().size(), true, null).head(fields, download);
    }

    /// What the request's fields ask of one version.
    ///
    /// @param body false when only a head is to be sent
    private record Plan(
            FileEntry entry,
            int status,
            long offset,
            long length,
            boolean body,
            @Nullable String range) {
        static Plan of(Exchange exchange, FileEntry entry) {
            MultiMap headers = exchange.headers();
            long size = entry.content().size();
            boolean get = exchange.request().method().equals(HttpMethod.GET);
            if (Preconditions.evaluate(headers, entry) == Preconditions.Verdict.NOT_MODIFIED) {
                return new Plan(entry, 304, 0, size, false, null);
            }
            ByteRange range = get ? Preconditions.range(headers, entry) : null;
            if (range == null) {
                return new Plan(entry, 200, 0, size, get, null);
            }
            return new Plan(entry, 206, range.offset(), range.length(), true, range.of(size));
        }

        void answerHead(Exchange exchange, Download download) {
            exchange.answer(status, response -> head(response, download), Wire.buffer(ByteBuffer.allocate(0)));
        }

        void head(HttpServerResponse response, Download download) {
            MultiMap headers = response.headers();
            head((name, value) -> headers.add(name, value), download);
        }

        private void head(Fields headers, Download download) {
            headers.add(HttpHeaders.ETAG, FileHeaders.etag(entry));
            headers.add(HttpHeaders.CACHE_CONTROL, PRIVATE);
            headers.add(HttpHeaders.VARY, AUTHORIZATION);
            headers.add(HttpHeaders.LAST_MODIFIED, Dates.format(Math.floorDiv(entry.storedMillis(), 1000L)));
            if (status == 304) {
                return;
            }
            headers.add(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
            headers.add(HttpHeaders.CONTENT_TYPE, OCTETS);
            headers.add(HttpHeaders.ACCEPT_RANGES, BYTES);
            headers.add(
                    FileHeaders.REPR_DIGEST, FileHeaders.digest(entry.content().blob()));
            headers.add(FileHeaders.ACERVO_REPLICAS, entry.replicas() + "/" + download.verified());
            headers.add(FileHeaders.ACERVO_MODIFIED, Long.toString(FileHeaders.modified(entry)));
            if (entry.content().executable()) {
                headers.add(FileHeaders.ACERVO_EXECUTABLE, FileHeaders.YES);
            }
            FileHeaders.kind(headers, entry);
            headers.add(CONTENT_TYPE_OPTIONS, NOSNIFF);
            headers.add(SECURITY_POLICY, SANDBOX);
            headers.add(DISPOSITION, ATTACHMENT);
            if (range != null) {
                headers.add(HttpHeaders.CONTENT_RANGE, range);
            }
        }
    }
}
