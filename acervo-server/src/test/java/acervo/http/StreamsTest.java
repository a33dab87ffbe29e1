package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.TestServer.Person;
import acervo.http.Wired.Envelope;
import acervo.http.Wired.Stream;
import acervo.model.Command;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SpaceName;
import acervo.wire.v1.FeedRow;
import acervo.wire.v1.Notice;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import acervo.wire.v1.WantReply;
import acervo.wire.v1.WantRequest;
import acervo.wire.v1.WatchReply;
import acervo.wire.v1.WatchRequest;
import acervo.wire.v1.WatchedSpace;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Streams of notices and feeds over HTTP/1.1, by the envelopes of Connect's streaming protocol.
final class StreamsTest extends WithServer {
    static final String PROTO = "Content-Type: application/connect+proto\r\n";
    static final String JSON = "Content-Type: application/connect+json\r\n";

    private WantReply want(Person who, String space, String pattern, boolean keep) throws IOException {
        WantRequest request = WantRequest.newBuilder()
                .setSpace(space)
                .setPattern(pattern)
                .setKeep(keep)
                .build();
        Wired.Answer answer = wire.ask(
                "POST",
                "/acervo.v1.Acervo/Want",
                request.toByteArray(),
                who.basic(),
                "Content-Type: application/proto\r\n");
        assertEquals(200, answer.status(), answer.text());
        return WantReply.parseFrom(answer.body());
    }

    private void put(Person who, String space, String path, String text) throws IOException {
        Wired.Answer answer =
                wire.ask("PUT", "/v1/files/" + space + "/" + path, text.getBytes(StandardCharsets.UTF_8), who.basic());
        assertEquals(2, answer.status() / 100, answer.text());
    }

    static Stream open(Wired on, Person who, String method, Message request) throws IOException {
        return on.stream("/acervo.v1.Acervo/" + method, Wired.envelope(request.toByteArray()), who.basic(), PROTO);
    }

    static NoticesRequest follow(long after) {
        return NoticesRequest.newBuilder().setAfter(after).setFollow(true).build();
    }

    private static List<String> told(NoticesReply reply) {
        return reply.getNoticesList().stream().map(StreamsTest::told).toList();
    }

    private static String told(Notice notice) {
        return notice.getNumber() + " " + notice.getInterest() + " " + notice.getSpace() + ":"
                + notice.getFile().getPath();
    }

    private static NoticesReply notices(Stream stream) throws IOException {
        return NoticesReply.parseFrom(stream.message());
    }

    @Test
    void aNoticeReachesEveryConnectedMachineOfAClientAndNobodyElse() throws IOException {
        Person rui = server.person();
        try (Wired one = server.open();
                Wired two = server.open();
                Wired other = server.open()) {
            Stream first = open(one, ana, "Notices", follow(0));
            Stream second = open(two, ana, "Notices", follow(0));
            Stream third = open(other, rui, "Notices", follow(0));
            for (Stream stream : List.of(first, second, third)) {
                assertEquals(NoticesReply.getDefaultInstance(), notices(stream));
            }
            assertEquals(1, want(ana, "public", "in/*.pdf", false).getInterest());
            assertEquals(1, want(rui, "public", "z", false).getInterest());
            put(rui, "public", "in/a.txt", "no");
            put(rui, "public", "in/a.pdf", "yes");
            put(rui, "public", "z", "yes");
            assertEquals(List.of("1 1 public:in/a.pdf"), told(notices(first)));
            assertEquals(List.of("1 1 public:in/a.pdf"), told(notices(second)));
            assertEquals(List.of("1 1 public:z"), told(notices(third)));
        }
    }

    @Test
    void aReaderThatComesBackIsToldFromItsPlaceOnUntilItAcknowledges() throws IOException {
        want(ana, "public", "**", true);
        for (int i = 1; i <= 250; i++) {
            put(ana, "public", "f" + i, "x" + i);
        }
        List<String> all = new ArrayList<>();
        try (Wired one = server.open()) {
            Stream stream = open(
                    one, ana, "Notices", NoticesRequest.newBuilder().setAfter(3).build());
            while (all.size() < 247) {
                all.addAll(told(notices(stream)));
            }
            Envelope end = stream.next();
            assertTrue(end.isEnd());
            assertEquals("{}", end.text());
            assertEquals("4 1 public:f4", all.getFirst());
            assertEquals("250 1 public:f250", all.getLast());
            // The connection is as good as new.
            assertEquals(200, one.ask("GET", "/health/live").status());
        }
    }

    @Test
    void whoWaitsForOneInterestIsToldThatItIsMet() throws IOException {
        long number = want(ana, "home", "a", false).getInterest();
        want(ana, "home", "b", false);
        NoticesRequest only =
                NoticesRequest.newBuilder().addInterests(number).setFollow(true).build();
        try (Wired one = server.open()) {
            Stream stream = open(one, ana, "Notices", only);
            assertEquals(List.of(), told(notices(stream)));
            put(ana, "home", "b", "not this one");
            put(ana, "home", "a", "this one");
            NoticesReply met = notices(stream);
            assertEquals(List.of("2 1 home:a"), told(met));
            assertEquals(List.of(number), met.getEndedList());
        }
    }

    @Test
    void aStreamSaysNowAndThenThatTheServerIsThere() throws IOException {
        try (TestServer quick = TestServer.start(
                        folder.resolve("quick"), Limits.DEFAULTS.withStreams(10, 10, Duration.ofMillis(100)));
                Wired one = quick.open()) {
            Person person = quick.person();
            Stream stream = open(one, person, "Notices", follow(0));
            for (int i = 0; i < 5; i++) {
                assertEquals(NoticesReply.getDefaultInstance(), notices(stream));
            }
        }
    }

    @Test
    void aSlowReaderHoldsNothingUpAndMissesNothing() throws IOException {
        want(ana, "public", "**", true);
        int files = 3_000;
        try (Wired slow = server.open();
                Wired quick = server.open()) {
            Stream lazy = open(slow, ana, "Notices", follow(0));
            Stream eager = open(quick, ana, "Notices", follow(0));
            String path = ("long".repeat(60) + "/").repeat(4);
            for (int i = 0; i < files; i++) {
                put(ana, "public", path + i, "x" + i);
            }
            for (Stream stream : List.of(eager, lazy)) {
                long last = 0;
                while (last < files) {
                    for (Notice notice : notices(stream).getNoticesList()) {
                        assertEquals(++last, notice.getNumber());
                    }
                }
            }
        }
    }

    @Test
    void aFeedIsToldAsItGrowsAndEachSpaceFromItsOwnPlaceOn() throws IOException {
        put(ana, "home", "old", "1");
        put(ana, "home", "new", "2");
        WatchRequest request = WatchRequest.newBuilder()
                .addSpaces(WatchedSpace.newBuilder().setSpace("home").setAfter(1))
                .addSpaces(WatchedSpace.newBuilder().setSpace("public"))
                .build();
        try (Wired one = server.open()) {
            Stream stream = open(one, ana, "Watch", request);
            Map<String, WatchReply> first = new HashMap<>();
            for (int i = 0; i < 2; i++) {
                WatchReply reply = WatchReply.parseFrom(stream.message());
                first.put(reply.getSpace(), reply);
            }
            assertEquals(List.of("new"), present(first.get("home")));
            assertEquals(2, first.get("home").getLatest());
            assertTrue(first.get("home").getEpoch() > 0);
            assertTrue(first.get("home").getSpaceId() > 0);
            assertEquals(List.of(), present(first.get("public")));
            put(ana, "public", "p", "3");
            WatchReply next = WatchReply.parseFrom(stream.message());
            assertEquals("public", next.getSpace());
            assertEquals(List.of("p"), present(next));
            assertEquals(
                    204, wire.ask("DELETE", "/v1/files/home/old", ana.basic()).status());
            WatchReply gone = WatchReply.parseFrom(stream.message());
            assertEquals("home", gone.getSpace());
            assertEquals("old", gone.getRows(0).getAbsent().getPath());
            assertEquals(3, gone.getLatest());
        }
    }

    private static List<String> present(WatchReply reply) {
        return reply.getRowsList().stream()
                .filter(FeedRow::hasPresent)
                .map(row -> row.getPresent().getPath())
                .toList();
    }

    @Test
    void whoMayNotReadASpaceAnyMoreIsToldNothingOfIt() throws IOException {
        SpaceName team = new SpaceName("team");
        Person rui = server.person();
        server.depot.submit(ana.id(), request(), new Command.CreateSpace(team));
        server.depot.submit(ana.id(), request(), new Command.Grant(team, rui.id(), Role.READER));
        want(rui, "team", "**", true);
        put(ana, "team", "a", "1");
        WatchRequest both = WatchRequest.newBuilder()
                .addSpaces(WatchedSpace.newBuilder().setSpace("team").setAfter(1))
                .addSpaces(WatchedSpace.newBuilder().setSpace("public"))
                .build();
        try (Wired one = server.open();
                Wired two = server.open()) {
            Stream watch = open(one, rui, "Watch", both);
            for (int i = 0; i < 2; i++) {
                assertEquals(0, WatchReply.parseFrom(watch.message()).getRowsCount());
            }
            server.depot.submit(ana.id(), request(), new Command.Grant(team, rui.id(), Role.NONE));
            WatchReply gone = WatchReply.parseFrom(watch.message());
            assertEquals("team", gone.getSpace());
            assertEquals("NO_SUCH_SPACE", gone.getError().getReason());
            put(ana, "team", "b", "2");
            put(ana, "public", "c", "3");
            assertEquals(List.of("c"), present(WatchReply.parseFrom(watch.message())));
            // What waits in the inbox is not shown either.
            Stream notices = open(two, rui, "Notices", NoticesRequest.getDefaultInstance());
            assertEquals(List.of(), told(notices(notices)));
            assertTrue(notices.next().isEnd());
        }
    }

    @Test
    void jsonIsSpokenToo() throws IOException {
        want(ana, "home", "a", false);
        put(ana, "home", "a", "1");
        try (Wired one = server.open()) {
            Stream stream = one.stream(
                    "/acervo.v1.Acervo/Notices",
                    Wired.envelope("{}".getBytes(StandardCharsets.UTF_8)),
                    ana.basic(),
                    JSON);
            String text = new String(stream.message(), StandardCharsets.UTF_8);
            assertTrue(text.contains("\"path\"") && text.contains("\"home\""), text);
            assertEquals("{}", stream.next().text());
        }
    }

    @Test
    void aRefusalIsTheStreamsEnd() throws IOException {
        WatchRequest nowhere = WatchRequest.newBuilder()
                .addSpaces(WatchedSpace.newBuilder().setSpace("nowhere"))
                .build();
        for (Person who : List.of(ana, Person.stranger())) {
            Envelope end = open(wire, who, "Watch", nowhere).next();
            assertTrue(end.isEnd());
            String code = who.equals(ana) ? "not_found" : "unauthenticated";
            assertTrue(end.text().startsWith("{\"error\":{") && end.text().contains(code), end.text());
        }
        for (byte[] body : List.of(new byte[0], new byte[] {0, 0, 0, 0, 9, 1}, Wired.envelope(new byte[] {7}))) {
            Envelope end = wire.stream("/acervo.v1.Acervo/Notices", body, ana.basic(), PROTO)
                    .next();
            assertTrue(end.text().contains("invalid_argument"), end.text());
        }
        Wired.Answer unary = wire.ask(
                "POST", "/acervo.v1.Acervo/Notices", new byte[0], ana.basic(), "Content-Type: application/proto\r\n");
        assertEquals(415, unary.status());
        assertEquals(
                405, wire.ask("GET", "/acervo.v1.Acervo/Notices", ana.basic()).status());
    }

    @Test
    void oneClientCanNotTakeAllStreams() throws IOException {
        try (TestServer small = TestServer.start(
                        folder.resolve("small"), Limits.DEFAULTS.withStreams(3, 2, Duration.ofSeconds(20)));
                Wired one = small.open();
                Wired two = small.open();
                Wired three = small.open()) {
            Person rui = small.person();
            Person eva = small.person();
            open(one, rui, "Notices", follow(0)).message();
            Stream second = open(two, rui, "Notices", follow(0));
            second.message();
            assertTrue(open(three, rui, "Notices", follow(0)).next().text().contains("TOO_MANY"));
            try (Wired four = small.open()) {
                open(three, eva, "Notices", follow(0)).message();
                assertTrue(open(four, eva, "Notices", follow(0)).next().text().contains("TOO_MANY"));
            }
            two.hangUp();
            // Its place is free once the server has seen it leave.
            try (Wired five = small.open()) {
                while (open(five, eva, "Notices", follow(0)).next().isEnd()) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void aServerThatStopsEndsItsStreamsInOrder() throws IOException {
        try (Wired one = server.open()) {
            Stream stream = open(one, ana, "Notices", follow(0));
            assertFalse(stream.next().isEnd());
            server.door.drain(Duration.ofSeconds(10));
            Envelope end = stream.next();
            assertTrue(end.isEnd());
            assertTrue(end.text().contains("unavailable"), end.text());
        }
    }

    @Test
    void streamsThatEndLeaveNothingBehind() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (Wired one = server.open()) {
                open(one, ana, "Notices", follow(0)).message();
            }
        }
        while (server.depot.interests().streams() > 0) {
            Thread.onSpinWait();
        }
        assertTrue(wire.ask("GET", "/metrics").text().contains("acervo_http_streams 0.0"));
    }

    private static RequestId request() {
        return new RequestId(UUID.randomUUID());
    }
}
