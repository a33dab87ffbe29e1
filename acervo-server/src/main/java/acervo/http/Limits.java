package acervo.http;

import java.time.Duration;

/// What one client, or all of them, may ask of the server at once. Whatever goes beyond is refused with a clear answer.
///
/// @param connections open at once; more are answered 503 and closed
/// @param headerBytes of all header fields of a request together
/// @param lineBytes of a request's first line
/// @param headerDeadline from the first byte of a request (or from connecting) to the end of its header
/// @param idle how long a connection may stay open between requests
/// @param bodyWindow the time in which a body must bring at least `bodyWindowBytes`, while the server waits for it
/// @param bodyWindowBytes see `bodyWindow`
/// @param writeStall how long a client may leave an answer unread
/// @param linger how long a refused body is still read and thrown away, so that the client sees the answer
/// @param callBytes of the body of a call
/// @param callBytesInFlight of all calls' bodies that are not yet whole
/// @param callsInFlight calls and requests that are being worked on off the event loops
/// @param bodies deposits, appends and batches in flight, of all clients
/// @param bodiesPerClient the same, of one client
/// @param bodyBuffer bytes of one body that wait to be taken in before its connection is no longer read
/// @param bodyBuffers the same for all bodies together; each gets its share of it, `bodyBuffer` at most
/// @param batchBytes of the body of a batch
/// @param batchRecords in a batch
/// @param batchBytesInFlight of all batches
/// @param failedLoginsPerMinute from one address, before failures are answered 429
/// @param registrationsPerMinute from one address
/// @param streams calls with a stream of answers that are open at once, of all clients
/// @param streamsPerClient the same, of one client
/// @param keepAlive how often a stream on which there is nothing to say says just that
public record Limits(
        int connections,
        int headerBytes,
        int lineBytes,
        Duration headerDeadline,
        Duration idle,
        Duration bodyWindow,
        long bodyWindowBytes,
        Duration writeStall,
        Duration linger,
        int callBytes,
        long callBytesInFlight,
        int callsInFlight,
        int bodies,
        int bodiesPerClient,
        int bodyBuffer,
        long bodyBuffers,
        int batchBytes,
        int batchRecords,
        long batchBytesInFlight,
        int failedLoginsPerMinute,
        int registrationsPerMinute,
        int streams,
        int streamsPerClient,
        Duration keepAlive) {
    public static final Limits DEFAULTS = new Limits(
            20_000,
            16 << 10,
            16 << 10,
            Duration.ofSeconds(10),
            Duration.ofSeconds(75),
            Duration.ofSeconds(30),
            1 << 10,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            1 << 20,
            32 << 20,
            2_000,
            256,
            32,
            4 << 20,
            64 << 20,
            8 << 20,
            1_000,
            64 << 20,
            60,
            600,
            15_000,
            200,
            Duration.ofSeconds(20));

    /// The same with other deadlines, for slow links and for tests that can't wait.
    public Limits withDeadlines(Duration headerDeadline, Duration idle, Duration bodyWindow, Duration linger) {
        return new Limits(
                connections,
                headerBytes,
                lineBytes,
                headerDeadline,
                idle,
                bodyWindow,
                bodyWindowBytes,
                writeStall,
                linger,
                callBytes,
                callBytesInFlight,
                callsInFlight,
                bodies,
                bodiesPerClient,
                bodyBuffer,
                bodyBuffers,
                batchBytes,
                batchRecords,
                batchBytesInFlight,
                failedLoginsPerMinute,
                registrationsPerMinute,
                streams,
                streamsPerClient,
                keepAlive);
    }

    /// The same with other numbers of things at once.
    public Limits withCounts(int connections, int bodies, int bodiesPerClient) {
        return new Limits(
                connections,
                headerBytes,
                lineBytes,
                headerDeadline,
                idle,
                bodyWindow,
                bodyWindowBytes,
                writeStall,
                linger,
                callBytes,
                callBytesInFlight,
                callsInFlight,
                bodies,
                bodiesPerClient,
                bodyBuffer,
                bodyBuffers,
                batchBytes,
                batchRecords,
                batchBytesInFlight,
                failedLoginsPerMinute,
                registrationsPerMinute,
                streams,
                streamsPerClient,
                keepAlive);
    }

    /// The same with other rates.
    public Limits withRates(int failedLoginsPerMinute, int registrationsPerMinute) {
        return new Limits(
                connections,
                headerBytes,
                lineBytes,
                headerDeadline,
                idle,
                bodyWindow,
                bodyWindowBytes,
                writeStall,
                linger,
                callBytes,
                callBytesInFlight,
                callsInFlight,
                bodies,
                bodiesPerClient,
                bodyBuffer,
                bodyBuffers,
                batchBytes,
                batchRecords,
                batchBytesInFlight,
                failedLoginsPerMinute,
                registrationsPerMinute,
                streams,
                streamsPerClient,
                keepAlive);
    }

    /// The same with other streams.
    public Limits withStreams(int streams, int streamsPerClient, Duration keepAlive) {
        return new Limits(
                connections,
                headerBytes,
                lineBytes,
                headerDeadline,
                idle,
                bodyWindow,
                bodyWindowBytes,
                writeStall,
                linger,
                callBytes,
                callBytesInFlight,
                callsInFlight,
                bodies,
                bodiesPerClient,
                bodyBuffer,
                bodyBuffers,
                batchBytes,
                batchRecords,
                batchBytesInFlight,
                failedLoginsPerMinute,
                registrationsPerMinute,
                streams,
                streamsPerClient,
                keepAlive);
    }
}
