package acervo.http;

import acervo.model.ClientId;
import java.util.concurrent.ConcurrentHashMap;

/// How many bodies may be taken in at once, of one client and of all. Any thread.
final class Admission {
    private final int perClient;
    private final Budget all;
    private final ConcurrentHashMap<ClientId, Integer> byClient = new ConcurrentHashMap<>();

    Admission(Limits limits) {
        this.perClient = limits.bodiesPerClient();
        this.all = new Budget(limits.bodies());
    }

    /// Lets one more in.
    ///
    /// @throws acervo.model.RefusedException TOO_MANY
    Permit enter(ClientId client) {
        if (!all.take(1)) {
            throw Refusals.tooMany("deposits of all clients", all.limit());
        }
        int now = byClient.merge(client, 1, Integer::sum);
        Permit permit = () -> leave(client);
        if (now > perClient) {
            permit.close();
            throw Refusals.tooMany("deposits", perClient);
        }
        return permit;
    }

    private void leave(ClientId client) {
        byClient.computeIfPresent(client, (_, n) -> n == 1 ? null : n - 1);
        all.give(1);
    }

    /// Bodies that are being taken in.
    long inside() {
        return all.used();
    }

    /// One place; closed once.
    interface Permit extends AutoCloseable {
        @Override
        void close();
    }
}
