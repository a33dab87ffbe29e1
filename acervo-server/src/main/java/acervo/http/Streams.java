package acervo.http;

import acervo.model.ClientId;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// All streams that are open: how many there may be, and their keep-alive. One timer serves them all: at each tick it
/// is the turn of one part of them. Any thread.
final class Streams {
    /// Parts of the wheel, and ticks in the time between two keep-alives.
    static final int PARTS = 20;

    private final Limits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<ClientId, Integer> byClient = new ConcurrentHashMap<>();
    private final List<Set<StreamAnswer>> wheel = new ArrayList<>();
    private final AtomicInteger tick = new AtomicInteger();
    private volatile boolean stopping;

    Streams(Limits limits) {
        this.limits = limits;
        for (int i = 0; i < PARTS; i++) {
            wheel.add(ConcurrentHashMap.newKeySet());
        }
    }

    /// Counts one more of a client; [#leave] takes it back.
    ///
    /// @throws RefusedException TOO_MANY; UNAVAILABLE when the server stops
    void admit(ClientId client) {
        if (stopping) {
            throw new RefusedException(Reason.UNAVAILABLE, "the server is stopping");
        }
        if (open.incrementAndGet() > limits.streams()) {
            open.decrementAndGet();
            throw Refusals.tooMany("streams of all clients", limits.streams());
        }
        if (byClient.merge(client, 1, Integer::sum) > limits.streamsPerClient()) {
            leave(client);
            throw Refusals.tooMany("streams of one client", limits.streamsPerClient());
        }
    }

    void leave(ClientId client) {
        open.decrementAndGet();
        byClient.computeIfPresent(client, (_, n) -> n == 1 ? null : n - 1);
    }

    void add(StreamAnswer answer) {
        part(answer).add(answer);
        if (stopping) {
            answer.end(STOPPING);
        }
    }

    void remove(StreamAnswer answer) {
        part(answer).remove(answer);
    }

    private Set<StreamAnswer> part(StreamAnswer answer) {
        return wheel.get(Math.floorMod(System.identityHashCode(answer), PARTS));
    }

    /// Called [#PARTS] times in the time between two keep-alives.
    void tick() {
        wheel.get(Math.floorMod(tick.getAndIncrement(), PARTS)).forEach(StreamAnswer::beat);
    }

    int open() {
        return open.get();
    }

    /// Ends all streams and lets no more begin.
    void stop() {
        stopping = true;
        wheel.forEach(part -> part.forEach(answer -> answer.end(STOPPING)));
    }

    private static final Optional<Trouble> STOPPING =
            Optional.of(Trouble.of(new Refusal(Reason.UNAVAILABLE, "the server is stopping")));
}
