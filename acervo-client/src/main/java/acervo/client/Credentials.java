package acervo.client;

import acervo.model.ClientId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Who calls: an id and the secret that proves it.
public record Credentials(ClientId id, Secret secret) {
    /// A new identity; the server does not know it yet.
    public static Credentials random() {
        return new Credentials(new ClientId(Randomness.uuid()), Secret.random());
    }

    /// The value of the `Authorization` header.
    String authorization() {
        byte[] pair = (id + ":" + secret.hex()).getBytes(StandardCharsets.ISO_8859_1);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
