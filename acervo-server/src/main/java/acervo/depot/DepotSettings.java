package acervo.depot;

import java.time.Duration;

/// What an operator may set. [#DEFAULTS] are right for nearly everyone.
///
/// @param cacheBytes the most that the cache of hot files may take, its own overhead included; 0 turns it off
/// @param grace how long bytes that nothing refers to are kept
/// @param history how long replaced and removed versions are kept
/// @param uploadExpiry how long a resumable upload without progress is kept
/// @param uploadsPerClient resumable uploads that one client may have begun
/// @param appendsPerClient deposits and appends of more than a small file that one client may have in flight
/// @param uploads resumable uploads that all clients together may have begun
/// @param verifyPass the time in which the pass that runs by itself aims to read everything once
/// @param verifyBytesPerSecond the most that that pass reads; 0 turns it off
public record DepotSettings(
        long cacheBytes,
        Duration grace,
        Duration history,
        Duration uploadExpiry,
        int uploadsPerClient,
        int appendsPerClient,
        int uploads,
        Duration verifyPass,
        long verifyBytesPerSecond) {
    public static final DepotSettings DEFAULTS = new DepotSettings(
            64 << 20,
            Duration.ofHours(1),
            Duration.ofDays(30),
            Duration.ofDays(7),
            100,
            64,
            10_000,
            Duration.ofDays(30),
            20_000_000);
}
