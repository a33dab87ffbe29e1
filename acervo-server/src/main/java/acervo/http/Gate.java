package acervo.http;

import acervo.depot.Depot;
import acervo.model.ClientId;
import acervo.model.RefusedException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds out who asks. `Authorization: Basic base64(id:secret)` or `Bearer id:secret`; the secret's 32 bytes as 64
/// hexadecimal
/// digits or as base64url.
///
/// What a connection proved once is remembered for it, so that only its first request costs a look-up and a hash.
final class Gate {
    private final Depot depot;
    private final Pace failures;
    private final Pace registrations;
    private final byte[] operatorSecret;

    /// @param operatorSecret what an operator must say; never empty
    Gate(Depot depot, Limits limits, byte[] operatorSecret) {
        this.depot = depot;
        this.failures = new Pace(limits.failedLoginsPerMinute());
        this.registrations = new Pace(limits.registrationsPerMinute());
        this.operatorSecret = operatorSecret.clone();
    }

    /// The caller, when this connection has proved it before. Never blocks.
    Optional<ClientId> known(Line line, @Nullable String authorization) {
        return authorization == null ? Optional.empty() : Optional.ofNullable(line.known(authorization));
    }

    /// The caller. May block.
    ///
    /// @throws RefusedException UNAUTHENTICATED; TOO_MANY after many failures from one address
    ClientId caller(Line line, @Nullable String authorization) {
        if (authorization == null) {
            throw Refusals.unauthenticated();
        }
        ClientId known = line.known(authorization);
        if (known != null) {
            return known;
        }
        try {
            Credentials credentials = Credentials.parse(authorization);
            ClientId client = depot.authenticate(credentials.client, credentials.secret);
            line.remember(authorization, client);
            return client;
        } catch (RefusedException refused) {
            if (failures.take(line.address())) {
                throw refused;
            }
            throw Refusals.tooMany("failed logins", failures.perMinute() + " per minute");
        }
    }

    /// @throws RefusedException TOO_MANY when one address registers too many clients
    void registering(Line line) {
        if (!registrations.take(line.address())) {
            throw Refusals.tooMany("registrations", registrations.perMinute() + " per minute");
        }
    }

    /// Whether the request comes from who may read this server's data folder.
    boolean isOperator(@Nullable String secret) {
        if (secret == null) {
            return false;
        }
        return java.security.MessageDigest.isEqual(
                operatorSecret, secret.strip().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// An id and its secret, as they were sent.
    private static final class Credentials {
        private static final int SECRET_BYTES = 32;

        private final ClientId client;
        private final byte[] secret;

        private Credentials(ClientId client, byte[] secret) {
            this.client = client;
            this.secret = secret;
        }

        static Credentials parse(String authorization) {
            int space = authorization.indexOf(' ');
            if (space < 0) {
                throw Refusals.unauthenticated();
            }
            String scheme = authorization.substring(0, space).toLowerCase(Locale.ROOT);
            String rest = authorization.substring(space + 1).strip();
            try {
                String pair = switch (scheme) {
                    case "bearer" -> rest;
                    case "basic" ->
                        new String(Base64.getDecoder().decode(rest), java.nio.charset.StandardCharsets.UTF_8);
                    default -> throw Refusals.unauthenticated();
                };
                int colon = pair.indexOf(':');
                if (colon < 0) {
                    throw Refusals.unauthenticated();
                }
                byte[] secret = secret(pair.substring(colon + 1));
                return new Credentials(ClientId.parse(pair.substring(0, colon)), secret);
            } catch (IllegalArgumentException _) {
                throw Refusals.unauthenticated();
            }
        }

        private static byte[] secret(String text) {
            byte[] bytes = text.length() == 2 * SECRET_BYTES
                    ? HexFormat.of().parseHex(text)
                    : Base64.getUrlDecoder().decode(text);
            if (bytes.length != SECRET_BYTES) {
                throw Refusals.unauthenticated();
            }
            return bytes;
        }
    }
}
