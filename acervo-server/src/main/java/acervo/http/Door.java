package acervo.http;

import acervo.depot.Depot;
import java.util.concurrent.atomic.AtomicBoolean;

/// What all requests share: the depot, and what keeps their number and their bytes in bounds.
///
/// @param gate who may come in
/// @param admission how many bodies at once
/// @param calls requests that are being worked on off the event loops
/// @param callBytes bytes of calls that are not whole yet
/// @param batchBytes bytes of batches in memory
/// @param streams answers that go on and on
/// @param stopping set when the server is told to stop
record Door(
        Depot depot,
        Limits limits,
        Meters meters,
        Meters.Operation other,
        Gate gate,
        Admission admission,
        Bodies bodies,
        Budget calls,
        Budget callBytes,
        Budget batchBytes,
        Streams streams,
        AtomicBoolean stopping) {
    static Door of(Depot depot, Limits limits, Meters meters, byte[] operatorSecret) {
        return new Door(
                depot,
                limits,
                meters,
                meters.operation("other"),
                new Gate(depot, limits, operatorSecret),
                new Admission(limits),
                new Bodies(limits),
                new Budget(limits.callsInFlight()),
                new Budget(limits.callBytesInFlight()),
                new Budget(limits.batchBytesInFlight()),
                new Streams(limits),
                new AtomicBoolean());
    }

    boolean enter() {
        return calls.take(1);
    }

    void leave() {
        calls.give(1);
    }
}
