package acervo.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.wire.v1.Notice;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FollowingTest {
    @TempDir
    Path folder;

    private FakeServer server;
    private AcervoClient client;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        client = Fixtures.client(server, folder);
        client.want(SpaceName.HOME, "**", 1_000_000, true);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    /// Remembers its place, as whoever follows must.
    private static final class Ear implements Following.Listener<NoticesReply> {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        volatile long last;

        @Override
        public MessageLite request() {
            return NoticesRequest.newBuilder().setAfter(last).setFollow(true).build();
        }

        @Override
        public boolean heard(NoticesReply message) {
            for (Notice notice : message.getNoticesList()) {
                last = notice.getNumber();
                heard.add(notice.getFile().getPath());
            }
            return !heard.contains("last");
        }

        @Override
        public void lost(String seen) {
            heard.add("lost");
        }

        String next() throws InterruptedException {
            String next = heard.poll(60, TimeUnit.SECONDS);
            assertTrue(next != null, "nothing was heard");
            return next;
        }
    }

    private void arrive(String name) {
        server.interests.arrive("home/" + name, new byte[3]);
    }

    @Test
    void whatIsHeardGoesOnAfterEveryBrokenConnection() throws Exception {
        Ear ear = new Ear();
        server.interests.chunk = 3;
        Following<NoticesReply> following = client.notices(ear);
        Thread thread = Thread.ofVirtual().start(following::run);
        arrive("a");
        assertEquals("a", ear.next());
        for (String name : List.of("b", "c", "d")) {
            server.interests.awaitStreams(1);
            server.dropConnections();
            arrive(name);
            assertEquals("lost", ear.next());
            assertEquals(name, ear.next());
        }
        server.interests.endStreams(new Refusal(Reason.UNAVAILABLE, "stopping"));
        assertEquals("lost", ear.next());
        arrive("last");
        assertEquals("last", ear.next());
        // It has had enough, and ends by itself.
        thread.join();
        assertEquals(List.of(), List.copyOf(ear.heard));
    }

    @Test
    void aNoEndsItAndIsThrown() {
        Ear ear = new Ear();
        try (AcervoClient stranger = Fixtures.client(server, Credentials.random(), folder)) {
            RefusedException e = assertThrows(
                    RefusedException.class, () -> stranger.notices(ear).run());
            assertEquals(Reason.UNAUTHENTICATED, e.refusal().reason());
        }
        CountDownLatch ended = new CountDownLatch(1);
        List<Refusal> refusals = new ArrayList<>();
        Thread.ofVirtual().start(() -> {
            try {
                client.notices(ear).run();
            } catch (RefusedException e) {
                refusals.add(e.refusal());
            }
            ended.countDown();
        });
        server.interests.awaitStreams(1);
        server.interests.endStreams(new Refusal(Reason.NO_SUCH_SPACE, "team"));
        assertEquals(true, assertDoesEnd(ended));
        assertEquals(List.of(new Refusal(Reason.NO_SUCH_SPACE, "team")), refusals);
    }

    private static boolean assertDoesEnd(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anotherThreadEndsIt() throws Exception {
        Following<NoticesReply> following = client.notices(new Ear());
        Thread thread = Thread.ofVirtual().start(following::run);
        server.interests.awaitStreams(1);
        following.close();
        thread.join();
        following.run();
    }

    @Test
    void anotherThreadEndsItsWaitForAServerThatIsAway() throws Exception {
        CountDownLatch pausing = new CountDownLatch(1);
        RetryPolicy patient = new RetryPolicy(Duration.ofDays(1), Duration.ofMinutes(1), System::nanoTime, _ -> {
            pausing.countDown();
            RetryPolicy.USUAL.pause().pause(600_000);
        });
        server.close();
        try (AcervoClient away = new AcervoClient(server.address(), Credentials.random(), folder, patient)) {
            Following<NoticesReply> following = away.notices(new Ear());
            Thread thread = Thread.ofVirtual().start(following::run);
            assertTrue(pausing.await(60, TimeUnit.SECONDS));
            following.close();
            thread.join();
        }
    }
}
