package acervo.client;

import acervo.model.FilePath;
import acervo.model.PathPattern;
import acervo.model.Refusal;
import acervo.wire.v1.AcknowledgeReply;
import acervo.wire.v1.AcknowledgeRequest;
import acervo.wire.v1.File;
import acervo.wire.v1.Interest;
import acervo.wire.v1.Notice;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import acervo.wire.v1.UnwantReply;
import acervo.wire.v1.UnwantRequest;
import acervo.wire.v1.WantReply;
import acervo.wire.v1.WantRequest;
import acervo.wire.v1.WantsReply;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Interests and notices of the [FakeServer], of one client only.
public final class FakeInterests {
    private static final long FAR = 4_000_000_000_000L;

    private final FakeServer server;
    private final Map<Long, Interest> interests = new TreeMap<>();
    private final Map<Long, Notice> notices = new TreeMap<>();
    private long nextInterest = 1;
    private long nextNotice = 1;
    private int streams;
    private @Nullable Refusal end;

    /// Bytes in a chunk of a stream, to cut messages at odd places.
    public volatile int chunk = 1_000;

    FakeInterests(FakeServer server) {
        this.server = server;
    }

    /// A file comes to be there.
    public synchronized void arrive(String place, byte[] content) {
        FakeServer.Stored stored = server.store(place, content);
        String space = place.substring(0, place.indexOf('/'));
        String path = place.substring(place.indexOf('/') + 1);
        for (Interest one : List.copyOf(interests.values())) {
            if (one.getSpace().equals(space)
                    && PathPattern.parse(one.getPattern()).matches(new FilePath(path))) {
                notices.put(
                        nextNotice,
                        Notice.newBuilder()
                                .setNumber(nextNotice)
                                .setInterest(one.getNumber())
                                .setSpace(space)
                                .setFile(file(path, stored))
                                .build());
                nextNotice++;
                if (!one.getKeep()) {
                    interests.remove(one.getNumber());
                }
            }
        }
        notifyAll();
    }

    /// Ends every stream with this.
    public synchronized void endStreams(Refusal with) {
        end = with;
        notifyAll();
        while (streams > 0) {
            await();
        }
        end = null;
    }

    /// Waits until so many streams are open.
    public synchronized void awaitStreams(int count) {
        while (streams < count) {
            await();
        }
    }

    public synchronized int waiting() {
        return interests.size();
    }

    public synchronized int unread() {
        return notices.size();
    }

    /// As if another machine had read everything.
    public synchronized void forgetNotices() {
        notices.clear();
    }

    @SuppressWarnings("WaitNotInLoop") // Those who call it look again.
    private void await() {
        try {
            wait(60_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static File file(String path, FakeServer.Stored stored) {
        return File.newBuilder()
                .setPath(path)
                .setKind(stored.kind())
                .setSize(stored.content().length)
                .setVersion(stored.version())
                .setSha256(stored.sha256().toString())
                .setStoredMillis(stored.modified())
                .build();
    }

    synchronized MessageLite want(byte[] body) throws InvalidProtocolBufferException {
        WantRequest r = WantRequest.parseFrom(body);
        PathPattern pattern = PathPattern.parse(r.getPattern());
        WantReply.Builder reply = WantReply.newBuilder();
        server.files.forEach((place, stored) -> {
            String path = place.substring(place.indexOf('/') + 1);
            if (place.startsWith(r.getSpace() + "/")
                    && pattern.matches(new FilePath(path))
                    && stored.version() > r.getSince()) {
                reply.addThere(file(path, stored));
            }
        });
        if (!r.getLook() && (reply.getThereCount() == 0 || r.getKeep())) {
            Interest interest = Interest.newBuilder()
                    .setNumber(nextInterest++)
                    .setSpace(r.getSpace())
                    .setPattern(r.getPattern())
                    .setKeep(r.getKeep())
                    .setExpiresMillis(FAR)
                    .build();
            interests.put(interest.getNumber(), interest);
            reply.setInterest(interest.getNumber()).setExpiresMillis(FAR);
        }
        notifyAll();
        return reply.build();
    }

    synchronized MessageLite wants() {
        return WantsReply.newBuilder().addAllInterests(interests.values()).build();
    }

    synchronized MessageLite unwant(byte[] body) throws InvalidProtocolBufferException {
        int count = 0;
        for (long number : UnwantRequest.parseFrom(body).getInterestsList()) {
            count += interests.remove(number) == null ? 0 : 1;
        }
        notifyAll();
        return UnwantReply.newBuilder().setCancelled(count).build();
    }

    synchronized MessageLite acknowledge(byte[] body) throws InvalidProtocolBufferException {
        AcknowledgeRequest.parseFrom(body).getNoticesList().forEach(notices::remove);
        return AcknowledgeReply.getDefaultInstance();
    }

    /// Answers with a stream; blocks for as long as it is followed.
    void stream(byte[] body, OutputStream out) throws IOException {
        ByteBuffer frame = ByteBuffer.wrap(body);
        frame.get();
        byte[] message = new byte[frame.getInt()];
        frame.get(message);
        NoticesRequest request = NoticesRequest.parseFrom(message);
        out.write("HTTP/1.1 200 OK\r\nContent-Type: application/connect+proto\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1));
        synchronized (this) {
            streams++;
            notifyAll();
            try {
                follow(request, out);
            } finally {
                streams--;
                notifyAll();
            }
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void follow(NoticesRequest request, OutputStream out) throws IOException {
        long after = request.getAfter();
        boolean ended = false;
        boolean first = true;
        while (true) {
            Refusal with = end;
            if (with != null) {
                String error = new String(FakeServer.refusal(with), StandardCharsets.UTF_8);
                envelope(2, ("{\"error\":" + error + "}").getBytes(StandardCharsets.UTF_8), out);
                return;
            }
            NoticesReply.Builder reply = NoticesReply.newBuilder();
            for (Notice notice : notices.values()) {
                if (notice.getNumber() > after
                        && (request.getInterestsCount() == 0
                                || request.getInterestsList().contains(notice.getInterest()))) {
                    reply.addNotices(notice);
                }
            }
            after = Math.max(after, nextNotice - 1);
            boolean gone = request.getInterestsCount() > 0 && !interests.containsKey(request.getInterests(0));
            if (gone && !ended) {
                ended = true;
                reply.addEnded(request.getInterests(0));
            }
            if (first || reply.getNoticesCount() + reply.getEndedCount() > 0) {
                first = false;
                envelope(0, reply.build().toByteArray(), out);
            }
            if (!request.getFollow()) {
                envelope(2, "{}".getBytes(StandardCharsets.UTF_8), out);
                return;
            }
            await();
        }
    }

    private void envelope(int flags, byte[] content, OutputStream out) throws IOException {
        byte[] all = ByteBuffer.allocate(5 + content.length)
                .put((byte) flags)
                .putInt(content.length)
                .put(content)
                .array();
        for (int at = 0; at < all.length; at += chunk) {
            int n = Math.min(chunk, all.length - at);
            out.write((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(all, at, n);
            out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        out.flush();
    }
}
