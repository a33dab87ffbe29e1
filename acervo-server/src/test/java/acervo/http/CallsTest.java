package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.TestServer.Person;
import acervo.http.Wired.Answer;
import acervo.wire.v1.FeedReply;
import acervo.wire.v1.HelloReply;
import acervo.wire.v1.HelloRequest;
import acervo.wire.v1.InfoReply;
import acervo.wire.v1.ListReply;
import acervo.wire.v1.SpaceReply;
import acervo.wire.v1.StatusReply;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CallsTest extends WithServer {
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String PROTO = "Content-Type: application/proto\r\n";

    private Answer call(Person who, String method, String json, String... headers) throws IOException {
        return wire.ask(
                "POST",
                "/acervo.v1.Acervo/" + method,
                json.getBytes(StandardCharsets.UTF_8),
                JSON,
                who.basic(),
                String.join("", headers));
    }

    private <B extends Message.Builder> B good(B into, Person who, String method, String json, String... headers)
            throws IOException {
        Answer answer = call(who, method, json, headers);
        assertEquals(200, answer.status(), answer.text());
        JsonFormat.parser().merge(answer.text(), into);
        return into;
    }

    private void put(Person who, String path) throws IOException {
        assertEquals(
                2,
                wire.ask("PUT", "/v1/files/" + path, path.getBytes(StandardCharsets.UTF_8), who.basic())
                                .status()
                        / 100);
    }

    @Test
    void helloAnswersInTwoLanguagesAndTwoEncodings() throws IOException {
        Answer json = wire.ask(
                "POST",
                "/acervo.v1.Acervo/Hello",
                "{\"name\":\"João\",\"language\":\"pt_BR.UTF-8\"}".getBytes(StandardCharsets.UTF_8),
                JSON);
        assertEquals("{\"greeting\":\"Olá, João!\",\"serverVersion\":\"test\"}", json.text());
        assertEquals("application/json", json.header("Content-Type"));
        byte[] request = HelloRequest.newBuilder().setName("Ana").build().toByteArray();
        Answer proto = wire.ask("POST", "/acervo.v1.Acervo/Hello", request, PROTO);
        assertEquals("application/proto", proto.header("Content-Type"));
        assertEquals("Hello, Ana!", HelloReply.parseFrom(proto.body()).getGreeting());
        assertEquals(
                "Hello!",
                HelloReply.parseFrom(wire.ask("POST", "/acervo.v1.Acervo/Hello", new byte[0], PROTO)
                                .body())
                        .getGreeting());
    }

    @Test
    void registeringTwiceIsOneAndAnotherSecretIsRefused() throws IOException {
        UUID id = UUID.randomUUID();
        String hash = Base64.getEncoder().encodeToString(new byte[32]);
        String json = "{\"clientId\":\"" + id + "\",\"secretSha256\":\"" + hash + "\"}";
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        assertEquals(
                200, wire.ask("POST", "/acervo.v1.Acervo/Register", body, JSON).status());
        assertEquals(
                200, wire.ask("POST", "/acervo.v1.Acervo/Register", body, JSON).status());
        byte[] other = json.replace(hash, "A" + hash.substring(2) + "BB").getBytes(StandardCharsets.UTF_8);
        Answer malformed = wire.ask("POST", "/acervo.v1.Acervo/Register", other, JSON);
        assertEquals(400, malformed.status());
        byte[] taken = json.replace("AAAA", "AAAB").getBytes(StandardCharsets.UTF_8);
        Answer refused = wire.ask("POST", "/acervo.v1.Acervo/Register", taken, JSON);
        assertEquals(409, refused.status(), refused.text());
        assertTrue(refused.text().contains("CLIENT_EXISTS"));
    }

    @Test
    void filesAreListedWithFoldersAndPages() throws IOException {
        put(ana, "home/a/1");
        put(ana, "home/a/2");
        put(ana, "home/b");
        ListReply top = good(ListReply.newBuilder(), ana, "List", "{\"space\":\"home\"}")
                .build();
        assertEquals(2, top.getFilesCount());
        assertTrue(top.getFiles(0).getImplied());
        assertEquals("b", top.getFiles(1).getPath());
        assertEquals(1, top.getFiles(1).getVerified());
        ListReply page = good(
                        ListReply.newBuilder(),
                        ana,
                        "List",
                        "{\"space\":\"home\",\"recursive\":true,\"limit\":1,\"after\":\"a/1\"}")
                .build();
        assertEquals("a/2", page.getFiles(0).getPath());
        assertTrue(page.getMore());
    }

    @Test
    void aReceiptHasCopiesAndHistory() throws IOException {
        put(ana, "home/x");
        wire.ask("PUT", "/v1/files/home/x", new byte[] {1}, ana.basic());
        InfoReply info = good(InfoReply.newBuilder(), ana, "Info", "{\"space\":\"home\",\"path\":\"x\"}")
                .build();
        assertEquals(1, info.getFile().getSize());
        assertEquals(1, info.getCopiesCount());
        assertTrue(info.getCopies(0).getHealthy());
        assertEquals(1, info.getHistoryCount());
    }

    @Test
    void changesAnswerItemByItem() throws IOException {
        put(ana, "home/x");
        put(ana, "home/y");
        Answer moved = call(
                ana,
                "Move",
                "{\"space\":\"home\",\"items\":[{\"from\":\"x\",\"to\":\"z\"},{\"from\":\"nope\",\"to\":\"q\"},"
                        + "{\"from\":\"..\",\"to\":\"q\"}]}");
        assertTrue(moved.text().contains("\"path\":\"z\""), moved.text());
        assertTrue(moved.text().contains("NO_SUCH_FILE"), moved.text());
        assertTrue(moved.text().contains("PATH_INVALID"), moved.text());
        Answer replicas = call(ana, "SetReplicas", "{\"space\":\"home\",\"paths\":[\"y\"],\"replicas\":3}");
        assertTrue(replicas.text().contains("NOT_ENOUGH_NODES"), replicas.text());
        Answer removed = call(ana, "Remove", "{\"space\":\"home\",\"items\":[{\"path\":\"y\"},{\"path\":\"y2\"}]}");
        assertTrue(removed.text().contains("goneVersion"), removed.text());
        assertTrue(removed.text().contains("NO_SUCH_FILE"), removed.text());
        FeedReply feed = good(FeedReply.newBuilder(), ana, "Feed", "{\"space\":\"home\"}")
                .build();
        assertTrue(feed.getRowsCount() >= 2);
        assertEquals(feed.getLatest(), feed.getRows(feed.getRowsCount() - 1).getVersion());
    }

    @Test
    void sharedSpacesAreGrantedAndTaken() throws IOException {
        Person rui = server.person();
        SpaceReply made = good(SpaceReply.newBuilder(), ana, "CreateSpace", "{\"name\":\"team\"}")
                .build();
        assertEquals(1, made.getSpace().getMembersCount());
        assertEquals(404, call(rui, "List", "{\"space\":\"team\"}").status());
        String grant = "{\"name\":\"team\",\"clientId\":\"" + rui.id() + "\",\"role\":\"READER\"}";
        assertEquals(200, call(ana, "Grant", grant).status());
        assertEquals(200, call(rui, "List", "{\"space\":\"team\"}").status());
        assertEquals(
                403,
                wire.ask("PUT", "/v1/files/team/x", new byte[1], rui.basic()).status());
        assertEquals(
                200,
                call(ana, "Grant", grant.replace("READER", "ROLE_UNSPECIFIED")).status());
        assertEquals(404, call(rui, "List", "{\"space\":\"team\"}").status());
        assertEquals(409, call(rui, "CreateSpace", "{\"name\":\"team\"}").status());
        assertEquals(200, call(ana, "RemoveSpace", "{\"name\":\"team\"}").status());
        assertFalse(call(ana, "ListSpaces", "{}").text().contains("team"));
        assertTrue(call(ana, "WhoAmI", "{}").text().contains(ana.id().toString()));
    }

    @Test
    void onlyAnOperatorStartsAVerification() throws IOException {
        assertEquals(403, call(ana, "Verify", "{\"start\":true}").status());
        assertEquals(200, call(ana, "Verify", "{}").status());
        String operator = "Acervo-Operator: " + TestServer.OPERATOR + "\r\n";
        Answer started = wire.ask(
                "POST",
                "/acervo.v1.Acervo/Verify",
                "{\"start\":true}".getBytes(StandardCharsets.UTF_8),
                JSON,
                operator);
        assertEquals(200, started.status(), started.text());
        Answer wrong = wire.ask("POST", "/acervo.v1.Acervo/Verify", new byte[0], JSON, "Acervo-Operator: guess\r\n");
        assertEquals(401, wrong.status());
    }

    @Test
    void statusIsForThoseWhoAreKnown() throws IOException {
        put(ana, "home/x");
        StatusReply status = good(StatusReply.newBuilder(), ana, "Status", "{}").build();
        assertEquals(1, status.getFiles());
        assertTrue(status.getWritable());
        assertEquals(1, status.getNodes());
        assertEquals(
                401,
                wire.ask("POST", "/acervo.v1.Acervo/Status", new byte[0], JSON).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "List|{\"space\":\"HOME\"}|400|SPACE_NAME_INVALID",
                "List|{\"space\":\"home\",\"limit\":-1}|400|ARGUMENT_INVALID",
                "List|{\"space\":\"home\",\"limit\":10001}|400|ARGUMENT_INVALID",
                "List|{\"space\":\"home\",\"path\":\"../x\"}|400|PATH_INVALID",
                "List|{\"space\":\"nobodys\"}|404|NO_SUCH_SPACE",
                "List|{\"space\":7}|404|NO_SUCH_SPACE",
                "List|{\"spaces\":\"home\"}|400|ARGUMENT_INVALID",
                "List|{|400|ARGUMENT_INVALID",
                "List|[]|400|ARGUMENT_INVALID",
                "Info|{\"space\":\"home\",\"path\":\"x\"}|404|NO_SUCH_FILE",
                "Info|{\"space\":\"home\"}|400|ARGUMENT_INVALID",
                "Feed|{\"space\":\"home\",\"after\":\"-1\"}|400|ARGUMENT_INVALID",
                "Remove|{\"space\":\"home\",\"requestId\":\"1\",\"items\":[{\"path\":\"x\"}]}|400|ARGUMENT_INVALID",
                "SetReplicas|{\"space\":\"home\",\"paths\":[\"x\"]}|400|ARGUMENT_INVALID",
                "Grant|{\"name\":\"team\",\"clientId\":\"me\"}|400|ARGUMENT_INVALID",
                "CreateSpace|{\"name\":\"public\"}|400|SPACE_NAME_RESERVED",
                "RemoveSpace|{\"name\":\"nobodys\"}|404|NO_SUCH_SPACE",
                "Nothing|{}|404|NO_SUCH_CALL"
            })
    void argumentsAreChecked(String method, String json, int status, String reason) throws IOException {
        Answer refused = call(ana, method, json);
        assertEquals(status, refused.status(), refused.text());
        assertTrue(refused.text().contains("\"reason\":\"" + reason + "\""), refused.text());
        assertTrue(refused.text().startsWith("{\"code\":\""), refused.text());
    }

    @Test
    void whatIsNoCallIsRefused() throws IOException {
        assertEquals(405, wire.ask("GET", "/acervo.v1.Acervo/Hello", JSON).status());
        assertEquals(
                415,
                wire.ask("POST", "/acervo.v1.Acervo/Hello", new byte[2], "Content-Type: text/x\r\n")
                        .status());
        assertEquals(
                415, wire.ask("POST", "/acervo.v1.Acervo/Hello", new byte[2]).status());
        assertEquals(
                400,
                wire.ask("POST", "/acervo.v1.Acervo/Hello", new byte[] {9}, PROTO)
                        .status());
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws IOException {
        wire.send("POST /acervo.v1.Acervo/Hello HTTP/1.1\r\nHost: x\r\n" + JSON + "Content-Length: 1048577\r\n\r\n");
        assertEquals(413, wire.answer().status());
        try (Wired chunked = server.open()) {
            chunked.send("POST /acervo.v1.Acervo/Hello HTTP/1.1\r\nHost: x\r\n" + JSON
                    + "Transfer-Encoding: chunked\r\n\r\n200000\r\n");
            chunked.send(new byte[0x200000]);
            assertEquals(413, chunked.answer().status());
        }
    }

    @Test
    void healthAndFiguresAreTold() throws IOException {
        assertEquals("live\n", wire.ask("GET", "/health/live").text());
        assertEquals("ready\n", wire.ask("GET", "/health/ready").text());
        put(ana, "home/x");
        String metrics = wire.ask("GET", "/metrics").text();
        assertTrue(metrics.contains("acervo_catalog_files 1.0"), metrics);
        assertTrue(metrics.contains("acervo_http_requests_seconds_count{operation=\"put\",status=\"2xx\"} 1"), metrics);
        assertTrue(metrics.contains("acervo_http_bytes_in_total 6.0"), metrics);
        assertFalse(metrics.contains(ana.id().toString()), metrics);
        assertTrue(wire.ask("GET", "/").text().contains("Acervo test keeps your files"));
        assertEquals(405, wire.ask("DELETE", "/").status());
        assertEquals(404, wire.ask("GET", "/favicon.ico").status());
    }
}
