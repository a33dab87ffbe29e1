package acervo.e2e;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/// A client that speaks plain HTTP to a server, as `curl` would: an identity of its own and nothing of Acervo's code.
final class Web implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String authorization;

    /// Registers a new client.
    Web(Server server) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        String id = UUID.randomUUID().toString();
        byte[] hash = Bytes.sha256().digest(secret);
        this.authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString((id + ":" + HexFormat.of().formatHex(secret)).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = call(
                server.uri(""),
                "Register",
                "{\"client_id\":\"" + id + "\",\"secret_sha256\":\""
                        + Base64.getEncoder().encodeToString(hash) + "\"}");
        if (answer.statusCode() != 200) {
            throw new AssertionError("registering: " + answer.statusCode() + " " + answer.body());
        }
    }

    String authorization() {
        return authorization;
    }

    HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri)
                .header("Authorization", authorization)
                .timeout(Duration.ofMinutes(2));
    }

    HttpResponse<String> call(URI base, String method, String json) {
        return send(request(base.resolve("/acervo.v1.Acervo/" + method))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    /// Opens a stream of the server's.
    InputStream stream(Server server, String method, String json) {
        byte[] message = json.getBytes(StandardCharsets.UTF_8);
        byte[] envelope = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        return sendFor(
                        request(server.uri("/acervo.v1.Acervo/" + method))
                                .header("Content-Type", "application/connect+json")
                                .POST(BodyPublishers.ofByteArray(envelope)),
                        BodyHandlers.ofInputStream())
                .body();
    }

    /// The next message of a stream.
    static String message(InputStream stream) {
        try {
            DataInputStream in = new DataInputStream(stream);
            int flags = in.readUnsignedByte();
            String text = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            if (flags != 0) {
                throw new AssertionError("the stream has ended: " + text);
            }
            return text;
        } catch (IOException e) {
            throw new Broken(e);
        }
    }

    HttpResponse<String> put(URI uri, byte[] bytes) {
        return send(request(uri).PUT(BodyPublishers.ofByteArray(bytes)));
    }

    HttpResponse<byte[]> get(URI uri) {
        return sendFor(request(uri).GET(), BodyHandlers.ofByteArray());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return sendFor(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> sendFor(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request.build(), body);
        } catch (IOException e) {
            throw new Broken(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// No answer came: what was asked may or may not have happened.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(IOException cause) {
            super(cause);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
