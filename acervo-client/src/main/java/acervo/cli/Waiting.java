package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.Following;
import acervo.client.UnreachableException;
import acervo.wire.v1.File;
import acervo.wire.v1.Notice;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import acervo.wire.v1.WantReply;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Waits until an interest is met or its time is over. One thread listens to the server; the one that waits deals with
/// what came, so that a long recovery or command keeps no word from being heard.
final class Waiting {
    private final Session session;
    private final AcervoClient client;
    private final WantedPlace place;
    private final WantReply wanted;
    private final Arrivals arrivals;
    private final boolean keep;
    private final long deadlineNanos;
    private final BlockingQueue<Word> words = new LinkedBlockingQueue<>();

    /// The newest notice that was dealt with: where a new connection goes on.
    private volatile long last;

    /// Whether the connection is broken now.
    private boolean lost;

    /// What the listening thread hands over.
    private sealed interface Word {
        record Told(NoticesReply reply) implements Word {}

        record Lost(String seen) implements Word {}

        record Failed(RuntimeException failure) implements Word {}
    }

    Waiting(Session session, WantedPlace place, WantReply wanted, Arrivals arrivals, boolean keep, long deadlineNanos)
            throws IOException {
        this.session = session;
        this.client = session.client();
        this.place = place;
        this.wanted = wanted;
        this.arrivals = arrivals;
        this.keep = keep;
        this.deadlineNanos = deadlineNanos;
    }

    /// How the waiting ended.
    enum End {
        MET,
        RAN_OUT,
        CANCELLED,
        /// The time is over and the server can't be asked.
        UNKNOWN
    }

    End run() throws IOException {
        Following<NoticesReply> following = client.notices(new Listener());
        Thread thread = Thread.ofPlatform().daemon().name("acervo-notices").start(() -> listen(following));
        try {
            return await();
        } finally {
            following.close();
            join(thread);
        }
    }

    private void listen(Following<NoticesReply> following) {
        try {
            following.run();
            words.add(new Word.Failed(new IllegalStateException("the server ended the stream")));
        } catch (RuntimeException e) {
            words.add(new Word.Failed(e));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Listener implements Following.Listener<NoticesReply> {
        @Override
        public MessageLite request() {
            return NoticesRequest.newBuilder()
                    .setAfter(last)
                    .addInterests(wanted.getInterest())
                    .setFollow(true)
                    .build();
        }

        @Override
        public boolean heard(NoticesReply message) {
            words.add(new Word.Told(message));
            return true;
        }

        @Override
        public void lost(String seen) {
            words.add(new Word.Lost(seen));
        }
    }

    private End await() throws IOException {
        while (true) {
            Word word = next();
            switch (word) {
                case null -> {
                    return timeIsOver();
                }
                case Word.Failed(RuntimeException failure) -> throw failure;
                case Word.Lost(String seen) -> {
                    lost = true;
                    session.out().error("acervo: " + session.texts().get("wait.lost", client.server(), seen));
                }
                case Word.Told(NoticesReply reply) -> {
                    if (lost) {
                        lost = false;
                        session.out().error("acervo: " + session.texts().get("wait.back", client.server()));
                    }
                    deal(reply.getNoticesList());
                    if (reply.getEndedList().contains(wanted.getInterest())) {
                        return ended();
                    }
                }
            }
        }
    }

    private @Nullable Word next() {
        try {
            return words.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void deal(List<Notice> notices) throws IOException {
        for (Notice notice : notices) {
            // A connection that broke in the middle tells some again.
            if (notice.getNumber() <= last) {
                continue;
            }
            last = notice.getNumber();
            if (arrivals.came(notice.getFile(), notice.getInterest(), notice.getNumber())) {
                acknowledge(notice.getNumber());
            }
        }
    }

    private void acknowledge(long notice) {
        try {
            client.acknowledge(List.of(notice), 0);
        } catch (UnreachableException _) {
            // All that was to be done is done: `acervo notices` will tell of it once more.
        }
    }

    /// The interest is no more, and all its notices were told, unless another machine of this client was quicker to
    /// acknowledge them while this one was away.
    private End ended() throws IOException {
        if (arrivals.any()) {
            return End.MET;
        }
        for (File f : client.look(place.space(), place.pattern().text(), wanted.getSeen())
                .getThereList()) {
            arrivals.there(f);
        }
        if (arrivals.any()) {
            return End.MET;
        }
        return deadlineNanos - System.nanoTime() <= 0 ? End.RAN_OUT : End.CANCELLED;
    }

    /// This machine's clock says so; the server's word counts: what came until the interest is cancelled there came
    /// in
    /// time. One that is kept ends by itself, since cancelling it would take its notices away.
    private End timeIsOver() throws IOException {
        if (lost) {
            return arrivals.any() ? End.MET : End.UNKNOWN;
        }
        List<Long> interest = List.of(wanted.getInterest());
        if (keep || client.unwant(interest) == 0) {
            deal(client.waitingNotices(last, interest).getNoticesList());
        }
        return arrivals.any() ? End.MET : End.RAN_OUT;
    }
}
