package acervo.model;

/// A client's standing wish for files that may not be there yet.
///
/// @param number which of the client's interests; positive, never used again
/// @param keep whether it stays when it is met
/// @param createdMillis the leader's clock, milliseconds since 1970
/// @param expiresMillis from when on it is not met any more
public record Interest(
        long number, SpaceName space, PathPattern pattern, boolean keep, long createdMillis, long expiresMillis) {
    /// How long one holds unless it says otherwise: 7 days.
    public static final long USUAL_MILLIS = 7L * 24 * 60 * 60 * 1000;

    /// How long one may hold: 366 days.
    public static final long MOST_MILLIS = 366L * 24 * 60 * 60 * 1000;

    /// How many one client may have, and how many notices may wait for it.
    public static final int MOST = 10_000;
}
