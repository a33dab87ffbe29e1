package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.wire.v1.BatchItem;
import acervo.wire.v1.Kind;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Very many files in one space. `-Dacervo.files=1000000` for the long form; the build makes fewer.
final class ManyFilesIT {
    private static final int FILES = Integer.getInteger("acervo.files", 100_000);
    private static final int A_FOLDER = 1_000;

    @TempDir
    private Path folder;

    @Test
    void listingsAndMemoryStaySmall() throws IOException {
        try (Server server = Server.start(folder.resolve("data"));
                Web web = new Web(server)) {
            for (int d = 0; d < FILES / A_FOLDER; d++) {
                HttpResponse<String> answer = web.send(web.request(server.uri("/v1/batch/home"))
                        .header("Content-Type", "application/x-acervo-batch")
                        .header("Accept", "application/json")
                        .header("Idempotency-Key", '"' + UUID.randomUUID().toString() + '"')
                        .POST(BodyPublishers.ofByteArray(batch(d))));
                assertEquals(200, answer.statusCode(), answer.body());
                assertTrue(!answer.body().contains("error"), answer.body());
            }
            String one = "{\"space\":\"home\",\"path\":\"d7\",\"limit\":2000}";
            long best = Long.MAX_VALUE;
            for (int n = 0; n < 20; n++) {
                long began = System.nanoTime();
                String listing = web.call(server.uri(""), "List", one).body();
                best = Math.min(best, System.nanoTime() - began);
                assertEquals(A_FOLDER, listing.split("\"sha256\"", -1).length - 1);
            }
            System.out.println("listed 1,000 among " + FILES + " in " + best / 1000 + " us at best; resident "
                    + (server.residentBytes() >> 20) + " MiB");
            assertTrue(server.residentBytes() < 512L << 20, "resident " + (server.residentBytes() >> 20) + " MiB");
            server.kill();
            server.restart();
            String listing = web.call(server.uri(""), "List", one).body();
            assertEquals(A_FOLDER, listing.split("\"sha256\"", -1).length - 1);
            assertTrue(server.residentBytes() < 512L << 20, "resident " + (server.residentBytes() >> 20) + " MiB");
        }
    }

    private static byte[] batch(int d) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        for (int f = 0; f < A_FOLDER; f++) {
            byte[] content = (d + "/" + f).getBytes(StandardCharsets.UTF_8);
            byte[] head = BatchItem.newBuilder()
                    .setPath("d" + d + "/f" + f)
                    .setSha256(ByteString.copyFrom(Bytes.sha256().digest(content)))
                    .setKind(Kind.FILE)
                    .build()
                    .toByteArray();
            out.writeInt(head.length);
            out.writeInt(content.length);
            out.write(head);
            out.write(content);
        }
        return body.toByteArray();
    }
}
