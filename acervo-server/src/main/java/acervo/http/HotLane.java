package acervo.http;

import acervo.depot.Depot;
import acervo.depot.Download;
import acervo.model.ClientId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A short way for what is asked most: a whole small file that is in memory, by a client that this connection knows
/// already. It is answered as its head arrives, before Vert.x makes a request of it, with the same bytes that the long
/// way would send, in one buffer.
///
/// Whatever is unusual in any way goes the long way, a refusal too: nothing is decided here that is not decided there.
/// Answers stay in order because only a connection is served on which the answers of all earlier requests have left
/// ([Line#isClear]). Event loops only; never blocks.
final class HotLane {
    /// What is copied into the answer's buffer. Larger files gain nothing here.
    private static final int MOST = 64 << 10;

    private static final int HEAD = 1024;
    private static final byte[] STATUS = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int COLON = ':' << 8 | ' ';
    private static final int NEW_LINE = '\r' << 8 | '\n';

    /// Fields that change nothing in the answer; a request with any other goes the long way.
    private static final AsciiString[] HARMLESS = {
        AsciiString.cached("host"),
        AsciiString.cached("authorization"),
        AsciiString.cached("user-agent"),
        AsciiString.cached("accept"),
        AsciiString.cached("accept-encoding"),
        AsciiString.cached("accept-language")
    };

    private final Door door;
    private final Depot depot;
    private final Meters.Operation get;

    HotLane(Door door) {
        this.door = door;
        this.depot = door.depot();
        this.get = door.meters().operation("get");
    }

    /// The whole answer to a request whose head has just arrived, to be sent now; null when it has to go the long
    /// way, and nothing was done.
    @Nullable
    ByteBuf answer(Line line, ByteBufAllocator buffers, HttpRequest request) {
        if (!line.isClear() || AccessLog.isOn() || !isPlain(request)) {
            return null;
        }
        long began = System.nanoTime();
        Optional<ClientId> caller = door.gate().known(line, request.headers().get(HttpHeaders.AUTHORIZATION));
        if (caller.isEmpty()) {
            return null;
        }
        try {
            ByteBuf answer = answer(caller.get(), RawPath.of(request.uri()), buffers);
            if (answer != null) {
                line.requestBegins();
                line.requestEnds();
                door.meters().hot();
                get.done(200, System.nanoTime() - began);
            }
            return answer;
        } catch (RuntimeException _) {
            // The long way meets it again, and tells.
            return null;
        }
    }

    private @Nullable ByteBuf answer(ClientId caller, String path, ByteBufAllocator buffers) {
        if (!path.startsWith(Files.PREFIX)) {
            return null;
        }
        Files.Place place = Files.Place.parse(path, Files.PREFIX.length());
        Download hot = depot.hot(caller, place.space(), place.path(), MOST).orElse(null);
        if (hot == null) {
            return null;
        }
        try (hot) {
            Optional<ByteBuffer> bytes = hot.memory();
            if (bytes.isEmpty()) {
                return null;
            }
            ByteBuf answer = answer(buffers, hot, bytes.get());
            door.meters().out(hot.length());
            return answer;
        }
    }

    private static boolean isPlain(HttpRequest request) {
        if (!request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !request.decoderResult().isSuccess()) {
            return false;
        }
        Iterator<Map.Entry<CharSequence, CharSequence>> fields =
                request.headers().iteratorCharSequence();
        while (fields.hasNext()) {
            if (!isHarmless(fields.next().getKey())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHarmless(CharSequence name) {
        for (AsciiString harmless : HARMLESS) {
            if (harmless.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static ByteBuf answer(ByteBufAllocator buffers, Download hot, ByteBuffer bytes) {
        ByteBuf answer = buffers.directBuffer(HEAD + bytes.remaining());
        try {
            answer.writeBytes(STATUS);
            field(answer, HttpHeaders.DATE, Dates.now());
            Downloads.whole(hot, (name, value) -> field(answer, name, value));
            answer.writeShort(NEW_LINE).writeBytes(bytes);
            return answer;
        } catch (Throwable thrown) {
            answer.release();
            throw thrown;
        }
    }

    private static void field(ByteBuf to, CharSequence name, CharSequence value) {
        ByteBufUtil.writeAscii(to, name);
        to.writeShort(COLON);
        ByteBufUtil.writeAscii(to, value);
        to.writeShort(NEW_LINE);
    }
}
