package acervo.depot;

import acervo.catalog.Catalog;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.SecretHash;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Who a caller is. Any thread.
///
/// Hashes that were right lately are kept for a few seconds, so that a client that reads a thousand small files costs
/// one look-up. Only
/// hashes are kept, never a secret, and only after they were right; a wrong secret always takes the whole way, so that
/// the time of a refusal tells nothing of who exists or who was here.
final class Credentials {
    /// How old a remembered hash may be: a changed or revoked secret is honoured within this time.
    private static final Duration MEMORY = Duration.ofSeconds(5);

    private static final int REMEMBERED = 10_000;

    /// Compared with when an id is unknown. Nobody knows 32 bytes with this hash.
    private static final SecretHash NOBODY = new SecretHash(new BlobId(0, 0, 0, 0));

    private final Catalog catalog;
    private final Cache<ClientId, SecretHash> right;

    Credentials(Catalog catalog, Clock clock) {
        this.catalog = catalog;
        Ticker ticker = () -> Duration.ofMillis(clock.millis()).toNanos();
        this.right = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(MEMORY)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /// @throws RefusedException UNAUTHENTICATED
    ClientId check(ClientId id, byte[] secret) {
        SecretHash given = SecretHash.of(secret);
        SecretHash remembered = right.getIfPresent(id);
        if (remembered != null && remembered.matches(given)) {
            return id;
        }
        Optional<SecretHash> known = catalog.secret(id);
        // The comparison stands first: it is made on every path.
        boolean matches = known.orElse(NOBODY).matches(given) && known.isPresent();
        if (!matches) {
            throw new RefusedException(Reason.UNAUTHENTICATED);
        }
        right.put(id, given);
        return id;
    }
}
