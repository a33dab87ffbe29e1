package acervo.depot;

import acervo.model.ClientId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.util.concurrent.ConcurrentHashMap;

/// How many of something each client may have at once. Any thread.
final class Quota {
    private final String what;
    private final int limit;
    private final ConcurrentHashMap<ClientId, Integer> held = new ConcurrentHashMap<>();

    /// @param what the things, in English, as they stand in the refusal
    Quota(String what, int limit) {
        this.what = what;
        this.limit = limit;
    }

    /// @throws RefusedException TOO_MANY
    void take(ClientId client) {
        held.compute(client, (same, count) -> {
            int now = count == null ? 1 : count + 1;
            if (now > limit) {
                throw new RefusedException(Reason.TOO_MANY, what, limit);
            }
            return now;
        });
    }

    void give(ClientId client) {
        held.computeIfPresent(client, (same, count) -> count == 1 ? null : count - 1);
    }

    int held(ClientId client) {
        return held.getOrDefault(client, 0);
    }
}
